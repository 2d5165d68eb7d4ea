// The map of the networks: moves, zooms, and tells whose point it is, by pointer and by keyboard.
{
  const PICK_PX = 14
  const STEP = 0.15
  const ZOOM = 1.25
  const ZOOM_MAX = 200

  /** The three parts of a computed colour, 0 to 1. */
  const partsOf = (colour) => (colour.match(/[\d.]+/g) || [0, 0, 0]).slice(0, 3).map((part) => Number(part) / 255)

  const show = (root) => {
    const canvas = root.querySelector("canvas")
    const [label, said, box] = ["[data-map-label]", "[data-map-said]", "[data-map-ready]"].map((one) => root.querySelector(one))
    const fail = () => {
      box.hidden = true
      root.querySelector("[data-map-missing]").hidden = false
    }

    const start = (data) => {
      const xs = data.nodes.map(([x]) => x)
      const ys = data.nodes.map(([, y]) => y)
      const least = (all) => all.reduce((a, b) => Math.min(a, b), Infinity)
      const most = (all) => all.reduce((a, b) => Math.max(a, b), -Infinity)
      const whole = { x: (least(xs) + most(xs)) / 2, y: (least(ys) + most(ys)) / 2, zoom: 1 }
      const reach = Math.max(most(xs) - least(xs), most(ys) - least(ys), 1e-6)
      const view = { ...whole }
      let drawing = null
      let chosen = null
      let waiting = false

      const colour = () => {
        const signs = [...document.querySelectorAll("[data-map-sign]")].map((sign) => ({
          colour: partsOf(getComputedStyle(sign).backgroundColor),
          shape: Number(/map-shape-(\d)/.exec(sign.className)[1]),
        }))
        drawing = createDrawing(canvas, data, signs, partsOf(getComputedStyle(root).color))
        return drawing !== null
      }
      /** Pixels for one unit of the map. */
      const unit = () => (0.92 * Math.min(canvas.clientWidth, canvas.clientHeight) * view.zoom) / reach
      const placeOf = (node) => [
        canvas.clientWidth / 2 + (xs[node] - view.x) * unit(),
        canvas.clientHeight / 2 - (ys[node] - view.y) * unit(),
      ]
      const draw = () => {
        waiting = false
        const ratio = window.devicePixelRatio || 1
        const [width, height] = [canvas.clientWidth, canvas.clientHeight]
        if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio)
        if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio)
        drawing.draw({ x: view.x, y: view.y, scaleX: (2 * unit()) / width, scaleY: (2 * unit()) / height }, chosen)
        label.hidden = chosen === null
        if (chosen === null) return
        const [left, top] = placeOf(chosen)
        label.textContent = data.nodes[chosen][4]
        label.style.left = `${Math.min(Math.max(left, 0), width - label.offsetWidth)}px`
        label.style.top = `${Math.min(Math.max(top + 12, 0), height - label.offsetHeight)}px`
      }
      const redraw = () => {
        if (!waiting) requestAnimationFrame(draw)
        waiting = true
      }
      const choose = (node) => {
        if (node === chosen) return
        chosen = node
        redraw()
      }
      const walk = (by) => {
        const next = chosen === null ? (by > 0 ? 0 : data.nodes.length - 1) : (chosen + by + data.nodes.length) % data.nodes.length
        ;[view.x, view.y] = [xs[next], ys[next]]
        choose(next)
        said.textContent = data.nodes[next][4]
      }
      const zoom = (by) => {
        view.zoom = Math.min(Math.max(view.zoom * by, 0.2), ZOOM_MAX)
        redraw()
      }
      const move = (x, y) => {
        view.x += (x * canvas.clientWidth) / unit()
        view.y += (y * canvas.clientHeight) / unit()
        redraw()
      }
      const acts = {
        in: () => zoom(ZOOM), out: () => zoom(1 / ZOOM), next: () => walk(1), before: () => walk(-1),
        left: () => move(-STEP, 0), right: () => move(STEP, 0), up: () => move(0, STEP), down: () => move(0, -STEP),
        reset: () => { Object.assign(view, whole); redraw() },
      }
      const KEYS = {
        "+": "in", "=": "in", "-": "out", 0: "reset", n: "next", p: "before",
        ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
      }
      const nearest = (x, y) => {
        let [found, distance] = [null, PICK_PX]
        data.nodes.forEach((_, node) => {
          const [left, top] = placeOf(node)
          const away = Math.hypot(left - x, top - y)
          if (away < distance) [found, distance] = [node, away]
        })
        return found
      }

      box.hidden = false
      if (!colour()) return fail()
      let held = null
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId)
        held = [event.offsetX, event.offsetY]
      })
      canvas.addEventListener("pointermove", (event) => {
        if (!held) return choose(nearest(event.offsetX, event.offsetY))
        move((held[0] - event.offsetX) / canvas.clientWidth, (event.offsetY - held[1]) / canvas.clientHeight)
        held = [event.offsetX, event.offsetY]
      })
      for (const over of ["pointerup", "pointercancel"]) canvas.addEventListener(over, () => { held = null })
      canvas.addEventListener("pointerleave", () => choose(null))
      canvas.addEventListener("wheel", (event) => {
        event.preventDefault()
        zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM)
      }, { passive: false })
      canvas.addEventListener("dblclick", () => {
        const group = chosen === null ? undefined : data.groups[data.nodes[chosen][3]]
        if (group) window.location.assign(group)
      })
      canvas.addEventListener("keydown", (event) => {
        const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key]
        if (act === undefined) return
        event.preventDefault()
        acts[act]()
      })
      root.addEventListener("click", (event) => {
        const button = event.target.closest("[data-map-do]")
        if (button) acts[button.dataset.mapDo]()
      })
      canvas.addEventListener("webglcontextlost", fail)
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (colour()) redraw() })
      new ResizeObserver(redraw).observe(canvas)
      redraw()
    }

    fetch(root.dataset.map, { headers: { accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((data) => (data.nodes.length > 0 ? start(data) : fail()))
      .catch(fail)
  }

  const root = document.getElementById("map")
  if (root) show(root)
}
