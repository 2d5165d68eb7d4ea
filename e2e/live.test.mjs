// What is said now reaches an open page by itself, without moving what is being read.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

/** Most that the page may move when it announces something (cumulative layout shift). */
const SHIFT_MAX = 0.05

let program, browser, opened, page, main, stop

before(async () => {
  ;({ program, browser, opened, page, main, stop } = await desk.openDemo())
})

after(() => stop?.())

test('the explorer announces new posts, and shows them when asked', async () => {
  await page.goto(`${program.origin}/explorer`)
  const first = await main.getByRole('article').first().locator('a:has(time)').getAttribute('href')
  const announced = main.getByRole('link', { name: /publicaci(ón nueva|ones nuevas): mostrar/ })
  await announced.waitFor({ timeout: desk.SOON_MS_MAX })
  const shift = await desk.layoutShift(page)
  assert.ok(shift < SHIFT_MAX, `the announcement moves the page by ${shift}`)
  assert.equal(await main.getByRole('article').first().locator('a:has(time)').getAttribute('href'), first)
  await support.screenshot(page, 'live')
  await announced.click()
  await page.waitForFunction(
    (before) => document.querySelector('article a:has(time)').getAttribute('href') !== before,
    first,
    { timeout: desk.SOON_MS_MAX },
  )
  assert.match(await main.getByRole('article').first().innerText(), /hace un momento|hace 1 min/)
  assert.equal(await page.locator('[aria-busy=true]').count(), 0)
})

test('new posts come in by themselves where that is wanted', async () => {
  await page.goto(`${program.origin}/explorer`)
  const first = await main.getByRole('article').first().locator('a:has(time)').getAttribute('href')
  await main.getByLabel('Mostrar lo nuevo al llegar').check()
  await page.waitForFunction(
    (before) => document.querySelector('article a:has(time)').getAttribute('href') !== before,
    first,
    { timeout: desk.SOON_MS_MAX },
  )
  // Last, because axe leaves empty style attributes behind, which a later swap would copy against the policy.
  opened.assertClean()
  // Colours are judged at rest: a list that is being replaced is faded for a moment.
  await main.getByLabel('Mostrar lo nuevo al llegar').uncheck()
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .htmx-request, .htmx-swapping, .htmx-settling'))
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
  await support.assertAccessible(page)
})

test('when the program ends, the page says that the connection is lost', async () => {
  const gone = await support.openPage(browser, program.origin, { allowed: [/net::ERR_|Failed to load/] })
  await desk.signIn(gone.page, program.origin)
  await gone.page.goto(`${program.origin}/explorer`)
  const began = Date.now()
  await program.stop()
  const stopped_ms = Date.now() - began
  assert.ok(stopped_ms < support.STOP_MS_MAX, `an open page holds the end up: ${stopped_ms} ms`)
  await gone.page.getByRole('status').filter({ hasText: 'Sin conexión con el servidor' }).waitFor({ timeout: desk.SOON_MS_MAX })
  await gone.close()
})
