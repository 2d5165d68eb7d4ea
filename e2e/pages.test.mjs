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
/** Pages followed; reaching it means that their kinds are not told apart. */
const PAGES_MAX = 64

/** Pages that must be among those found; more may come. */
const EXPECTED = [
  'overview', 'explorer', 'streams', 'exports', 'queries', 'queries-new', 'queries-id', 'queries-id-archive', 'sources',
  'sources-new', 'sources-new-feed', 'sources-id', 'sources-id-remove', 'import', 'rejects', 'settings', 'posts-id',
  'authors-key', 'topics', 'answers', 'learning', 'cascades', 'cascades-id', 'scam-check', 'pictures',
  'coordination', 'coordination-groups-id', 'coordination-groups-id-accounts-id', 'coordination-map', 'coordination-audit',
]
/** Pages that no link leads to, or not in this state. */
const UNLINKED = new Map([
  ['explorer-mistake', '/explorer?q=' + encodeURIComponent('agua AND (caf')],
  ['explorer-filtered', '/explorer?tone=negative&lang=es&period=30d'],
  ['explorer-nothing', '/explorer?q=palabraquenadieescribe'],
  ['overview-mistake', '/?q=' + encodeURIComponent('"sin cerrar')],
  ['overview-day', '/?period=24h&of=all'],
  ['query-written', '/queries/new?q=acme'],
  ['not-found', '/no-existe'],
])
/** Forms made from one template: only the first of them is looked at with axe and in pictures. */
const SAME_FORM = /^sources-new-/
const EXAMINED_FORM = 'sources-new-feed'

/** Words that stand in one language only and would give a forgotten text away. */
const ENGLISH = /\b([Tt]he|[Aa]nd|[Ww]ith|[Yy]our|[Tt]his|[Ff]rom|[Ss]earch|[Ss]ettings|[Ss]ave|[Cc]ancel|[Rr]emove|[Dd]elete|[Aa]dd|[Pp]osts?|[Qq]uer(y|ies)|[Ss]ources?|[Pp]eople|[Dd]ays|[Nn]ever|[Aa]ll|[Nn]ew|[Oo]pen|[Mm]entions)\b/
const SPANISH = /\b(el|los|las|una|con|para|esta|tu|desde|buscar|ajustes|guardar|cancelar|quitar|eliminar|añadir|publicaci(ón|ones)|consultas?|fuentes?|personas|negativo|días|nunca|todo|todas|nueva|abrir|menciones|sin)\b/i

let program, browser, opened, page
/** Name of a page → the first address found of it. */
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

test('every page that a link leads to is whole, light, still, accessible and narrow enough', async (t) => {
  const waiting = ['/', ...UNLINKED.values()]
  while (waiting.length > 0) {
    const address = waiting.shift()
    const name = nameOf(address)
    if (addresses.has(name)) continue
    const answer = await page.request.head(program.origin + address)
    if (!UNLINKED.has(name)) assert.equal(answer.status(), 200, `${address} is linked, but answers ${answer.status()}`)
    if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue
    addresses.set(name, address)
    assert.ok(addresses.size <= PAGES_MAX, `too many kinds of pages: ${[...addresses.keys()].join(' ')}`)
    await t.test(name, () => examine(name, address))
    waiting.push(...(await linksOf(page)))
  }
  const missing = EXPECTED.filter((name) => !addresses.has(name))
  assert.deepEqual(missing, [], `no link leads to them; found: ${[...addresses.keys()].join(' ')}`)
})

test('every page is whole in English too', async (t) => {
  await page.goto(program.origin)
  await desk.chooseLanguage(page, 'English')
  for (const [name, address] of addresses) {
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
  const html = gzipSync(await answer.text()).length
  assert.ok(html <= HTML_BYTES_MAX, `${address} is ${html} bytes of HTML`)
  const shift = await desk.layoutShift(page)
  assert.ok(shift < SHIFT_MAX, `${address} moves by ${shift} after it is loaded`)
  const script = await scriptBytes()
  assert.ok(script > 0 && script <= SCRIPT_BYTES_MAX, `${address} loads ${script} bytes of script`)
  await desk.assertWhole(page)
  assertNoLeftover(await wordsOf(page), ENGLISH, 'es')
  await support.assertNoSidewaysScroll(page)
  if (SAME_FORM.test(name) && name !== EXAMINED_FORM) return
  await support.assertAccessible(page)
  await picture(name)
}

/** Pictures of the page for people to look at, where ATALAYA_SHOTS asks for them. */
async function picture(name) {
  if (!process.env.ATALAYA_SHOTS) return
  await support.screenshot(page, name)
  await page.emulateMedia({ colorScheme: 'dark' })
  await support.screenshot(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: support.NARROW_PX, height: 640 })
  await support.screenshot(page, `${name}-narrow`)
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** Address of a script → its bytes as sent. */
const scripts = new Map()

/** Bytes of all scripts of the page. */
async function scriptBytes() {
  const sources = await page.locator('script[src]').evaluateAll((all) => all.map((one) => one.src))
  for (const source of sources.filter((one) => !scripts.has(one))) {
    const answer = await page.request.get(source)
    assert.equal(answer.headers()['content-encoding'], 'gzip', `${source} is sent without gzip`)
    scripts.set(source, gzipSync(await answer.body()).length)
  }
  return sources.reduce((sum, source) => sum + scripts.get(source), 0)
}

/** A page by its kind: `queries-id` for `/queries/3`; the forms of different sources are different pages. */
function nameOf(address) {
  const unlinked = [...UNLINKED].find(([, one]) => one === address)
  if (unlinked) return unlinked[0]
  const { pathname, searchParams } = new URL(address, program.origin)
  const kind = pathname
    .replace(/^\/authors\/.+/, '/authors/key')
    .replace(/\/groups\/[0-9a-f]{16}/, '/groups/id')
    .replace(/\/accounts\/[0-9a-f]{16}/, '/accounts/id')
    .replaceAll(/\/\d+/g, '/id')
  const parts = kind.split('/').filter(Boolean)
  if (kind === '/sources/new' && searchParams.has('kind')) parts.push(searchParams.get('kind'))
  return parts.join('-') || 'overview'
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
  // What stands in quotes is an example or a name on somebody else's page.
  const own = texts.map((text) => text.replaceAll(/«[^»]*»|“[^”]*”/g, '…'))
  const found = own.filter((text) => words.test(text)).map((text) => `«${text.trim().slice(0, 120)}» (${text.match(words)[0]})`)
  assert.deepEqual([...new Set(found)], [], `${page.url()} in ${tag} has words of the other language`)
}

/** Sends a form as the page would, with its token. */
async function post(path, form) {
  const csrf = await page.locator('input[name=csrf]').first().inputValue()
  const answer = await page.request.post(program.origin + path, { form: { csrf, ...form }, headers: { origin: program.origin } })
  assert.ok(answer.ok(), `POST ${path} answers ${answer.status()}`)
}
