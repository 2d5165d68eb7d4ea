// Posts, names and addresses written by an enemy are shown as text and do nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

const OVERRIDE = '\u202e'
const HUGE = 'ñ'.repeat(5_000)
const TEXTS = [
  'ataque <script>document.title = "roto"; fetch("http://example.com/")</script>',
  'ataque <img src="http://example.com/pixel.png" onerror="document.title = \'roto\'">',
  'ataque "><svg onload=alert(1)><a href="javascript:alert(1)">pulsa</a> javascript:alert(1)',
  `ataque ${OVERRIDE}gpj.otof ed dadilibisnop`,
  `ataque ${HUGE}`,
  'ataque </main></body></html><!-- <base href="http://example.com/"> {{7*7}} {% raw %}',
  'ataque \u0000\u0007 controles \ufeff y \ud83d\ude00 e\u0301\u0301\u0301\u0301',
]
const NAME = `<b onmouseover=alert(1)>Mala</b>${OVERRIDE}`
const started = Date.now()
const ROWS = TEXTS.map((text, at) => ({
  id: `"><i>${at}`,
  author: `mala${at}<script>`,
  author_name: NAME,
  author_bio: TEXTS[0],
  author_url: 'javascript:alert(1)',
  time: new Date(started - at * 60_000).toISOString(),
  text,
  url: at === 0 ? 'javascript:alert(document.cookie)' : `https://example.com/"onmouseover="alert(1)/${at}`,
  links: at === 1 ? 'data:text/html,<script>alert(1)</script>' : 'https://example.com/<script>',
  hashtags: '<script>alert(1)</script>',
  media: 'http://example.com/pixel.png',
}))
const SHARED_PLACES = ['/', '/explorer', '/explorer?q=ataque', '/import', '/rejects', '/queries']

let program, browser, opened, page

before(async () => {
  program = await support.startAtalaya()
  browser = await support.launchBrowser()
  // A search that does not parse is answered with 422, which the browser notes.
  opened = await support.openPage(browser, program.origin, { allowed: [/status of 422/] })
  page = opened.page
  page.on('dialog', (dialog) => {
    opened.problems.push(`a dialog opened: ${dialog.message()}`)
    dialog.dismiss()
  })
  await desk.setUp(page, program.origin, { workspace: NAME })
  await page.goto(`${program.origin}/import`)
  const counts = await desk.importFile(page, 'malo<img src=x onerror=alert(1)>.csv', desk.csvOf(ROWS))
  assert.equal(counts.new + counts.rejected, TEXTS.length)
  assert.ok(counts.new >= TEXTS.length - 1, `${counts.rejected} of ${TEXTS.length} rows were rejected`)
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('a hostile search stays in its field', async () => {
  const search = '"><script>document.title = "roto"</script>'
  await page.goto(`${program.origin}/explorer?q=${encodeURIComponent(search)}`).catch(() => {})
  assert.equal(await page.getByRole('main').getByRole('searchbox').first().inputValue(), search)
  await assertInert()
})

test('lists show hostile posts as text', async (t) => {
  for (const place of SHARED_PLACES) {
    await t.test(place, async () => {
      await page.goto(program.origin + place)
      await assertInert()
    })
  }
})

test('the pages of each hostile post and of its author are intact', async (t) => {
  await page.goto(`${program.origin}/explorer?q=ataque`)
  const posts = await page.getByRole('article').locator('a:has(time)').evaluateAll((all) => all.map((one) => one.href))
  const author = await page.getByRole('article').first().getByRole('link').first().getAttribute('href')
  assert.ok(posts.length >= TEXTS.length - 1)
  for (const address of [...posts, new URL(author, program.origin).href]) {
    await t.test(new URL(address).pathname, async () => {
      await page.goto(address)
      await assertInert()
    })
  }
  await support.screenshot(page, 'hostile-author')
})

test('the texts are shown whole and each keeps its direction to itself', async () => {
  await page.goto(`${program.origin}/explorer?q=ataque`)
  const texts = await page.getByRole('article').locator('[dir=auto]').allInnerTexts()
  for (const wanted of [TEXTS[0], TEXTS[1], TEXTS[2], TEXTS[5]]) {
    assert.ok(texts.some((text) => text.includes(wanted)), `missing: ${wanted}\n${texts.map((one) => one.slice(0, 200)).join('\n')}`)
  }
  const leaks = await page.evaluate((override) => {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.includes(override)) continue
      let isolate = node.parentElement
      while (isolate && !/isolate|plaintext/.test(getComputedStyle(isolate).unicodeBidi)) isolate = isolate.parentElement
      // Nothing of ours may follow in the stretch whose direction the text commands.
      const after = document.createRange()
      after.setStartAfter(node)
      after.setEndAfter((isolate ?? document.body).lastChild)
      if (after.toString().trim() !== '') found.push(`${node.data.slice(0, 60)} … ${after.toString().trim().slice(0, 60)}`)
    }
    return found
  }, OVERRIDE)
  assert.deepEqual(leaks, [], 'an override of the direction is not isolated')
  await support.screenshot(page, 'hostile-explorer')
  opened.assertClean()
})

/** Fails when anything of the posts has become more than text, or has broken the page. */
async function assertInert() {
  await desk.assertWhole(page)
  const found = await page.evaluate(() => ({
    landmarks: ['header', 'nav', 'main'].map((name) => document.querySelectorAll(`body > ${name}`).length),
    made: document.querySelectorAll('main script, main img, main iframe, main object, main embed, main base, main [onerror], main [onload], main [onmouseover]').length,
    links: [...document.querySelectorAll('a[href]')].map((one) => one.protocol).filter((one) => !/^https?:$/.test(one)),
    title: /[\u202a-\u202e]/.test(document.title),
    bare: [...document.querySelectorAll('a[href^=http]')].filter((one) => one.origin !== location.origin && !/noopener/.test(one.rel)).length,
  }))
  assert.deepEqual(found, { landmarks: [1, 1, 1], made: 0, links: [], title: false, bare: 0 }, page.url())
  await support.assertNoSidewaysScroll(page)
  await support.assertNoSidewaysScroll(page, 1280)
  opened.assertClean()
}
