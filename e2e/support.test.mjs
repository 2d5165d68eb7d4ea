// The checks of support.mjs must be able to fail: each is shown a page that is right and one that is not.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { stat, writeFile, mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import * as support from './support.mjs'

const CSP = "default-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'"

const document = (body) =>
  `<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Prueba</title>
   <meta name="viewport" content="width=device-width, initial-scale=1">
   <link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/style.css"></head>
   <body><main><h1>Prueba</h1>${body}</main></body></html>`

const PAGES = {
  '/good': document('<p>Café Acme</p><form><label for="a">Marca</label> <input id="a"> <button>Guardar</button></form>'),
  '/unlabelled': document('<input>'),
  '/pale-in-the-dark': document('<p class="pale">Casi no se lee</p>'),
  '/off-origin': document('<img alt="" src="http://example.com/pixel.png">'),
  '/inline-style': document('<p style="color: red">No permitido</p>'),
  '/throws': document('<script src="/throws.js"></script>'),
  '/wide': document('<p id="wide">Demasiado ancho</p>'),
  '/wide-in-a-scroller': document('<section class="scroller" tabindex="0" aria-label="Tabla"><p id="wide">Ancho</p></section>'),
  '/noscript': document('<noscript><p id="without">Sin JavaScript</p></noscript>'),
  '/no-focus': document('<button class="bare">Sin foco</button>'),
}

const FILES = {
  '/style.css': [
    'text/css',
    `body { margin: 0; background: #fff; color: #111 } #wide { width: 500px } .scroller { overflow-x: auto }
     .bare:focus { outline: none; box-shadow: none }
     @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } .pale { color: #333 } }`,
  ],
  '/throws.js': ['text/javascript', 'throw new Error("a fault of the page")'],
  '/icon.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
}

let browser, server, origin

before(async () => {
  server = http.createServer((request, response) => {
    const [type, body] = FILES[request.url] ?? ['text/html; charset=utf-8', PAGES[request.url]]
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'content-security-policy': CSP })
    response.end(body ?? 'No hay nada aquí')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${server.address().port}`
  browser = await support.launchBrowser()
})

after(async () => {
  await browser?.close()
  server?.close()
})

async function visit(address, check, options) {
  const opened = await support.openPage(browser, origin, options)
  try {
    await opened.page.goto(origin + address)
    await check(opened)
  } finally {
    await opened.page.context().close()
  }
}

test('a right page passes every check', async () => {
  await visit('/good', async ({ page, assertClean }) => {
    await support.assertAccessible(page)
    await support.assertNoSidewaysScroll(page)
    assertClean()
  })
})

test('axe catches a field without a label and names it', async () => {
  await visit('/unlabelled', async ({ page }) => {
    await assert.rejects(support.assertAccessible(page), /\[light\] label \(critical\)[^]*<input>/)
  })
})

test('axe looks at the dark theme too', async () => {
  await visit('/pale-in-the-dark', async ({ page }) => {
    await support.assertAccessible(page, { themes: ['light'] })
    await assert.rejects(support.assertAccessible(page), /\[dark\] color-contrast/)
  })
})

test('axe refuses a page without JavaScript instead of waiting for ever', async () => {
  await visit('/good', async ({ page }) => assert.rejects(support.assertAccessible(page), /needs JavaScript/), {
    javaScript: false,
  })
})

test('a request that leaves the origin is caught', async () => {
  // Without a policy of its own the page would really ask; the policy's refusal is caught as well.
  await visit('/off-origin', async ({ assertClean }) => {
    assert.throws(assertClean, /Content Security Policy/i)
  })
  const bare = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(PAGES['/off-origin'].replace(/<link[^>]*>/g, ''))
  })
  bare.listen(0, '127.0.0.1')
  await once(bare, 'listening')
  const home = `http://127.0.0.1:${bare.address().port}`
  const { page, assertClean, close } = await support.openPage(browser, home)
  try {
    await page.goto(home)
    assert.throws(assertClean, /leaves the origin: GET http:\/\/example\.com\/pixel\.png/)
    await assert.rejects(close(), /leaves the origin/)
  } finally {
    bare.close()
  }
})

test('a violated content security policy is caught', async () => {
  await visit('/inline-style', async ({ assertClean }) => assert.throws(assertClean, /Content Security Policy/i))
})

test('an uncaught exception is caught', async () => {
  await visit('/throws', async ({ assertClean }) => assert.throws(assertClean, /a fault of the page/))
})

test('an expected console error can be allowed', async () => {
  await visit('/missing', async ({ assertClean }) => assert.throws(assertClean, /404/))
  await visit('/missing', async ({ assertClean }) => assertClean(), { allowed: [/status of 404/] })
})

test('sideways scroll is caught, and its cause is named', async () => {
  await visit('/wide', async ({ page }) => {
    await assert.rejects(support.assertNoSidewaysScroll(page), /p#wide reaches 500 px/)
    assert.deepEqual(page.viewportSize(), { width: 1280, height: 800 })
  })
  await visit('/wide-in-a-scroller', async ({ page }) => support.assertNoSidewaysScroll(page))
})

test('a page without JavaScript shows what is meant for it', async () => {
  await visit('/noscript', async ({ page }) => assert.equal(await page.locator('#without').count(), 1), { javaScript: false })
  await visit('/noscript', async ({ page }) => assert.equal(await page.locator('#without').count(), 0))
  await visit('/wide', async ({ page }) => assert.rejects(support.assertNoSidewaysScroll(page), /p#wide/), { javaScript: false })
})

test('the keyboard reaches and fills a field', async () => {
  await visit('/good', async ({ page }) => {
    await support.typeInto(page, page.getByLabel('Marca'), 'Café Acme')
    assert.equal(await page.getByLabel('Marca').inputValue(), 'Café Acme')
    await support.tabTo(page, page.getByRole('button', { name: 'Guardar' }))
  })
})

test('an invisible focus is caught', async () => {
  await visit('/no-focus', async ({ page }) => {
    await assert.rejects(support.tabTo(page, page.getByRole('button')), /neither outline nor shadow/)
  })
})

test('a picture is saved', async () => {
  await visit('/good', async ({ page }) => {
    const file = await support.screenshot(page, 'support')
    assert.ok((await stat(file)).size > 0)
  })
})

test('the program is started with its folder and address, and stopped', async () => {
  await withProgram(
    `const at = process.argv.indexOf('--listen') + 1
     console.log('Atalaya: http://' + process.argv[at] + '/ready')
     setInterval(() => {}, 1000)`,
    async () => {
      const program = await support.startAtalaya()
      assert.match(program.url, /^http:\/\/127\.0\.0\.1:\d+\/ready$/)
      assert.equal(`${program.origin}/ready`, program.url)
      await stat(program.dataFolder)
      await program.stop()
      await assert.rejects(stat(program.dataFolder), /ENOENT/)
    },
  )
})

test('a program that ends at once is reported with its log', async () => {
  await withProgram(`console.error('the folder is locked'); process.exit(3)`, () =>
    assert.rejects(support.startAtalaya(), /ended with code 3\n[^]*the folder is locked/),
  )
})

/** Runs a check with a small program in the place of the real one. */
async function withProgram(source, check) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'atalaya-e2e-program-'))
  const file = path.join(folder, 'program.cjs')
  await writeFile(file, `#!${process.execPath}\n${source}\n`, { mode: 0o755 })
  const before = process.env.ATALAYA_BIN
  process.env.ATALAYA_BIN = file
  try {
    await check()
  } finally {
    if (before === undefined) delete process.env.ATALAYA_BIN
    else process.env.ATALAYA_BIN = before
    await rm(folder, { recursive: true, force: true })
  }
}
