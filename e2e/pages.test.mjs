// Every page of the demo, found by following its links: whole in both languages, accessible in both themes,
// narrow enough for a telephone, light enough for a slow line, and still once it is loaded.
//
// Limits: a page is visited once per kind (`/posts/:id`), not once per address; pictures are for people to look at.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

/** Heaviest page and heaviest scripts of a page, in bytes as sent with gzip. */
const HTML_BYTES_MAX = 100_000
const SCRIPT_BYTES_MAX = 25_000
/** Most that a page may move by itself after it has been shown (cumulative layout shift). */
const SHIFT_MAX = 0.05
/** Kinds of pages followed; reaching it means that the kinds are not told apart. */
const KINDS_MAX = 60

/** Kinds that must be among those found; more may come. */
const EXPECTED = [
  '/', '/explorer', '/streams', '/exports', '/queries', '/queries/new', '/queries/:id', '/queries/:id/archive',
  '/sources', '/sources/new', '/sources/:id', '/sources/:id/remove', '/import', '/rejects', '/settings', '/posts/:id',
  '/authors/:key',
]

/** Words that stand in one language only and would give a forgotten text away. */
const ENGLISH = /\b(the|and|with|your|this|from|search|settings|save|cancel|remove|delete|add|posts?|quer(y|ies)|sources?|people|unknown|negative|days|never|all|new|open|mentions)\b/i
const SPANISH = /\b(el|los|las|una|con|para|esta|tu|desde|buscar|ajustes|guardar|cancelar|quitar|eliminar|añadir|publicaci(ón|ones)|consultas?|fuentes?|personas|negativo|días|nunca|todo|todas|nueva|abrir|menciones|sin)\b/i

let program, browser, opened, page
/** Kind of page → the first address found of it. */
const addresses = new Map()

before(async () => {
  program = await support.startAtalaya({ command: 'demo', args: ['--posts', String(desk.DEMO_POSTS)] })
  browser = await support.launchBrowser()
  opened = await support.openPage(browser, program.origin, { allowed: [/status of 4(04|22)/] })
  page = opened.page
  await desk.signIn(page, program.origin)
  // So that the lists of exports and streams have something in them.
  await post('/explorer/export', { expression: 'acme', format: 'csv' })
  await post('/streams', { name: 'Quejas del café', expression: 'acme tone:negative' })
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('the links of the demo lead to every kind of page', async () => {
  const waiting = ['/']
  while (waiting.length > 0) {
    const address = waiting.shift()
    if (addresses.has(kindOf(address))) continue
    const answer = await page.request.get(program.origin + address)
    const isPage = (answer.headers()['content-type'] ?? '').startsWith('text/html')
    assert.equal(answer.status(), 200, `${address} is linked, but answers ${answer.status()}`)
    if (!isPage) continue
    addresses.set(kindOf(address), address)
    assert.ok(addresses.size <= KINDS_MAX, `too many kinds of pages: ${[...addresses.keys()].join(' ')}`)
    await page.goto(program.origin + address)
    waiting.push(...(await linksOf(page)))
  }
  const missing = EXPECTED.filter((kind) => !addresses.has(kind))
  assert.deepEqual(missing, [], `no link leads to them; found: ${[...addresses.keys()].join(' ')}`)
})

test('every page is whole, light, still, accessible and narrow enough, in Spanish', async (t) => {
  for (const [name, address] of named()) await t.test(name, () => examine(name, address))
})

test('every page is whole in English too', async (t) => {
  await page.goto(program.origin)
  await desk.chooseLanguage(page, 'English')
  for (const [name, address] of named()) {
    await t.test(name, async () => {
      await page.goto(program.origin + address)
      await desk.assertWhole(page, 'en')
      assertNoLeftover(await wordsOf(page), SPANISH, 'en')
      await support.assertNoSidewaysScroll(page)
    })
  }
  await page.goto(program.origin)
  await support.screenshot(page, 'english-overview')
  await desk.chooseLanguage(page, 'Español')
})

test('the log-in is whole and accessible in both languages', async () => {
  for (const [tag, other] of [['es', ENGLISH], ['en', SPANISH]]) {
    const visitor = await support.openPage(browser, program.origin, { locale: tag })
    await visitor.page.goto(`${program.origin}/login`)
    await desk.assertWhole(visitor.page, tag)
    assertNoLeftover(await wordsOf(visitor.page), other, tag)
    await support.assertAccessible(visitor.page)
    await support.assertNoSidewaysScroll(visitor.page)
    if (tag === 'es') await support.screenshot(visitor.page, 'login')
    await visitor.close()
  }
})

test('the browser had nothing to complain about', () => opened.assertClean())

async function examine(name, address) {
  const answer = await page.goto(program.origin + address)
  assertLight(await answer.text(), address)
  for (const script of await page.locator('script[src]').evaluateAll((all) => all.map((one) => one.src))) {
    if (!scripts.has(script)) scripts.set(script, gzipSync(await (await page.request.get(script)).body()).length)
  }
  const sources = await page.locator('script[src]').evaluateAll((all) => all.map((one) => one.src))
  const bytes = sources.reduce((sum, source) => sum + scripts.get(source), 0)
  assert.ok(bytes <= SCRIPT_BYTES_MAX, `${address} loads ${bytes} bytes of script`)
  const shift = await desk.layoutShift(page)
  assert.ok(shift < SHIFT_MAX, `${address} moves by ${shift} after it is loaded`)
  await desk.assertWhole(page)
  assertNoLeftover(await wordsOf(page), ENGLISH, 'es')
  await support.screenshot(page, name)
  await support.assertAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await support.screenshot(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await support.assertNoSidewaysScroll(page)
  await page.setViewportSize({ width: support.NARROW_PX, height: 640 })
  await support.screenshot(page, `${name}-narrow`)
  await page.setViewportSize({ width: 1280, height: 800 })
}

const scripts = new Map()

function assertLight(html, address) {
  const bytes = gzipSync(html).length
  assert.ok(bytes <= HTML_BYTES_MAX, `${address} is ${bytes} bytes of HTML`)
}

/** Every page found, and some that no link leads to, with names for their pictures. */
function* named() {
  for (const [kind, address] of addresses) {
    yield [kind === '/' ? 'overview' : kind.slice(1).replaceAll(/[/:]+/g, '-'), address]
  }
  yield ['explorer-mistake', '/explorer?q=' + encodeURIComponent('agua AND (caf')]
  yield ['explorer-filtered', '/explorer?tone=negative&lang=es&period=30d']
  yield ['explorer-nothing', '/explorer?q=palabraquenadieescribe']
  yield ['overview-mistake', '/?q=' + encodeURIComponent('"sin cerrar')]
  yield ['overview-day', '/?period=24h&of=all']
  yield ['query-written', '/queries/new?q=acme']
  yield ['not-found', '/no-existe']
}

function kindOf(address) {
  const { pathname, searchParams } = new URL(address, program.origin)
  const kind = pathname.replace(/^\/authors\/.+/, '/authors/:key').replaceAll(/\/\d+/g, '/:id')
  // The forms of different sources are different pages behind one path.
  return searchParams.has('kind') && pathname === '/sources/new' ? `${kind}/${searchParams.get('kind')}` : kind
}

/** Addresses of this program that a page links to and a browser would open as a page. */
function linksOf(page) {
  return page.locator('a[href]:not([download])').evaluateAll((all) =>
    all
      .map((one) => new URL(one.href))
      .filter((url) => url.origin === location.origin && !url.pathname.startsWith('/api/'))
      .map((url) => url.pathname + url.search),
  )
}

/** What the program says on a page, without what people wrote: posts, names, expressions, other languages. */
function wordsOf(page) {
  return page.evaluate(() => {
    const copy = document.body.cloneNode(true)
    for (const one of copy.querySelectorAll('bdi, code, pre, mark, [dir=auto], [lang], textarea, datalist, script')) {
      one.remove()
    }
    const spoken = ['aria-label', 'title', 'placeholder', 'alt'].flatMap((name) =>
      [...copy.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)),
    )
    for (const one of copy.querySelectorAll('*')) one.append(' ')
    return [document.title, ...spoken, ...copy.textContent.split(/\s{2,}|\n/)].filter((text) => text.trim() !== '')
  })
}

function assertNoLeftover(texts, words, tag) {
  // Fluent sets what it puts into a sentence between these two marks: names, not words of ours.
  const own = texts.map((text) => text.replaceAll(/\u2068[^\u2069]*\u2069/g, '…'))
  const found = own.filter((text) => words.test(text)).map((text) => `«${text.trim().slice(0, 120)}» (${text.match(words)[0]})`)
  assert.deepEqual([...new Set(found)], [], `${page.url()} in ${tag} has words of the other language`)
}

/** Sends a form as the page would, with its token. */
async function post(path, form) {
  const csrf = await page.locator('input[name=csrf]').first().inputValue()
  const answer = await page.request.post(program.origin + path, { form: { csrf, ...form }, headers: { origin: program.origin } })
  assert.ok(answer.ok(), `POST ${path} answers ${answer.status()}`)
}
