// Draws points and lines with WebGL.
//
// In:     a canvas; nodes [x, y, size, group, label], edges [a, b, weight], a colour and a shape for each group.
// Out:    an object with `draw(view, chosen)`; `null` where the browser has no WebGL.
// Limits: one draw call for all lines and one for all points; as many as the server sends (10,000 and 50,000).

const POINT_SHADER = `
attribute vec2 at; attribute float size; attribute vec3 colour; attribute float shape;
uniform vec2 middle; uniform vec2 scale; uniform float grow; uniform float ratio;
varying vec3 tint; varying float form;
void main() {
  gl_Position = vec4((at - middle) * scale, 0.0, 1.0);
  gl_PointSize = (size + grow) * ratio;
  tint = colour; form = shape;
}`

const POINT_PAINT = `
precision mediump float;
varying vec3 tint; varying float form; uniform vec4 instead;
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float edge = length(p);
  if (form > 2.5) edge = max(p.y, abs(p.x) * 1.7 - p.y * 0.85 - 0.15);
  else if (form > 1.5) edge = abs(p.x) + abs(p.y);
  else if (form > 0.5) edge = max(abs(p.x), abs(p.y)) * 1.15;
  if (edge > 1.0) discard;
  gl_FragColor = vec4(mix(tint, instead.rgb, instead.a), 1.0);
}`

const LINE_SHADER = `
attribute vec2 at; attribute vec4 colour;
uniform vec2 middle; uniform vec2 scale; varying vec4 tint;
void main() { gl_Position = vec4((at - middle) * scale, 0.0, 1.0); tint = colour; }`

const LINE_PAINT = `
precision mediump float;
varying vec4 tint;
void main() { gl_FragColor = tint; }`

function compile(gl, vertex, fragment) {
  const program = gl.createProgram()
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind)
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null
}

/** One buffer with several attributes side by side. */
function fill(gl, program, numbers, parts) {
  const buffer = gl.createBuffer()
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
  gl.bufferData(gl.ARRAY_BUFFER, numbers, gl.STATIC_DRAW)
  const stride = 4 * parts.reduce((sum, [, width]) => sum + width, 0)
  return () => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    let offset = 0
    for (const [name, width] of parts) {
      const place = gl.getAttribLocation(program, name)
      gl.enableVertexAttribArray(place)
      gl.vertexAttribPointer(place, width, gl.FLOAT, false, stride, offset)
      offset += 4 * width
    }
  }
}

function createDrawing(canvas, { nodes, edges }, signs, ink) {
  const gl = canvas.getContext("webgl", { antialias: true, premultipliedAlpha: false })
  if (!gl) return null
  const points = compile(gl, POINT_SHADER, POINT_PAINT)
  const lines = compile(gl, LINE_SHADER, LINE_PAINT)
  if (!points || !lines) return null
  const none = { colour: ink, shape: 0 }
  const signOf = (node) => signs[nodes[node][3]] || none
  const pointData = new Float32Array(nodes.length * 7)
  nodes.forEach(([x, y, size], node) => {
    const { colour, shape } = signOf(node)
    pointData.set([x, y, 4 + 2 * Math.min(size, 8), ...colour, shape], node * 7)
  })
  const heaviest = edges.reduce((most, [, , weight]) => Math.max(most, weight), 1e-9)
  const lineData = new Float32Array(edges.length * 12)
  edges.forEach(([a, b, weight], edge) => {
    const tint = [...signOf(a).colour, 0.12 + 0.5 * (weight / heaviest)]
    lineData.set([nodes[a][0], nodes[a][1], ...tint, nodes[b][0], nodes[b][1], ...tint], edge * 12)
  })
  const usePoints = fill(gl, points, pointData, [["at", 2], ["size", 1], ["colour", 3], ["shape", 1]])
  const useLines = fill(gl, lines, lineData, [["at", 2], ["colour", 4]])
  gl.enable(gl.BLEND)
  gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA)

  const place = (program, view) => {
    gl.useProgram(program)
    gl.uniform2f(gl.getUniformLocation(program, "middle"), view.x, view.y)
    gl.uniform2f(gl.getUniformLocation(program, "scale"), view.scaleX, view.scaleY)
  }
  const paint = (name, ...values) => gl[`uniform${values.length}f`](gl.getUniformLocation(points, name), ...values)

  return {
    draw(view, chosen) {
      gl.viewport(0, 0, canvas.width, canvas.height)
      gl.clearColor(0, 0, 0, 0)
      gl.clear(gl.COLOR_BUFFER_BIT)
      place(lines, view)
      useLines()
      gl.drawArrays(gl.LINES, 0, edges.length * 2)
      place(points, view)
      usePoints()
      paint("ratio", window.devicePixelRatio || 1)
      paint("grow", 0)
      paint("instead", 0, 0, 0, 0)
      gl.drawArrays(gl.POINTS, 0, nodes.length)
      if (chosen === null) return
      paint("grow", 8)
      paint("instead", ...ink, 1)
      gl.drawArrays(gl.POINTS, chosen, 1)
      paint("grow", 2)
      paint("instead", 0, 0, 0, 0)
      gl.drawArrays(gl.POINTS, chosen, 1)
    },
  }
}
