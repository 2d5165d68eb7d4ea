// Alerts as a team meets them: on top of every page, in their list with the evidence, live while another page is
// read, taken by keyboard and without script, in both languages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

/** People who pass a message on: enough for an audience. */
const PEOPLE = 30

let demo, page, main, origin

before(async () => {
  demo = await desk.openDemo()
  ;({ page, main } = demo)
  origin = demo.program.origin
})

after(async () => demo?.stop())

const bar = (where) => where.locator('.alert-bar')

test('an open alert stands on top of every page and first in the overview', async () => {
  await main.getByRole('heading', { name: 'Alerta más reciente' }).waitFor()
  for (const path of ['/', '/explorer', '/coordination', '/settings/account']) {
    await page.goto(origin + path)
    await bar(page).getByText('1 alerta abierta').waitFor()
  }
  await page.goto(origin)
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'alerts-overview')
})

test('the list shows who carried the message out, and leads to the group and the posts', async () => {
  await page.goto(origin)
  await support.pressOn(page, bar(page).getByRole('link'))
  await main.getByRole('heading', { level: 1, name: 'Alertas' }).waitFor()
  const alert = main.locator('.alert-box').first()
  await alert.getByRole('heading', { name: 'Un mensaje de un grupo salió de su círculo' }).waitFor()
  const figures = await alert.locator('.alert-figures').innerText()
  assert.match(figures, /Parte que vino de otras cuentas\s+\d+\s*%/)
  const table = alert.getByRole('region', { name: /^Primeras cuentas ajenas que lo llevaron/ })
  assert.ok((await table.getByRole('row').count()) > 2, 'the first accounts outside')
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await desk.assertWhole(page)
  await support.screenshot(page, 'alerts')
  await table.getByRole('cell').getByRole('link').first().click()
  await page.waitForURL(/\/posts\/\d+$/)
  await page.goBack()
  await main.getByRole('link', { name: /^Ver el grupo de/ }).first().click()
  await main.getByRole('heading', { level: 1, name: /de forma coordinada/ }).waitFor()
})

test('somebody takes it by keyboard, and it stays on record', async () => {
  await page.goto(`${origin}/alerts`)
  await support.pressOn(page, main.getByRole('button', { name: /^Marcar como vista/ }))
  await main.getByText('Alerta marcada como vista.').waitFor()
  assert.equal(await bar(page).isVisible(), false)
  await main.getByText('No hay alertas abiertas').waitFor()
  await main.getByText(/^por Demo, /).waitFor()
  await support.assertAccessible(page)
  await page.goto(origin)
  assert.equal(await main.getByRole('heading', { name: 'Alerta más reciente' }).count(), 0)
})

test('the next one comes while another page is read', async () => {
  await page.goto(`${origin}/explorer`)
  assert.equal(await bar(page).isVisible(), false)
  const other = await page.context().newPage()
  const words = await quietWords(other)
  const rows = Array.from({ length: PEOPLE }, (_, person) => ({
    id: `eco-de-prueba-${person}`,
    author: `vecina_${person}`,
    text: words,
    time: new Date().toISOString(),
  }))
  await other.goto(`${origin}/import`)
  await desk.importFile(other, 'eco.csv', desk.csvOf(rows))
  await other.close()
  await bar(page).getByText('1 alerta abierta').waitFor({ timeout: desk.SOON_MS_MAX })
  assert.match(await page.locator('#status').innerText(), /1 alerta abierta/, 'it is told to those who listen')
  await bar(page).getByRole('link').click()
  await main.getByRole('rowheader', { name: 'vecina_0', exact: true }).waitFor()
  demo.opened.assertClean()
})

/** The words of a message that a group carries, that hardly anybody else wrote, and that no alert told of yet. */
async function quietWords(other) {
  await other.goto(`${origin}/alerts`)
  // What is folded counts as told too.
  const told = await other.getByRole('main').evaluate((main) => main.textContent)
  await other.goto(`${origin}/coordination`)
  const cards = await other.locator('.group-list h3 a').evaluateAll((links) => links.map((link) => link.href))
  for (const card of cards) {
    const data = await (await other.request.get(`${card}/files/data.json`)).json()
    const isQuiet = ({ trace, circle, object }) =>
      trace === 'co_text' && circle !== 'audience' && object.length > 40 && !told.includes(object.slice(0, 40))
    const message = data.report.messages.find(isQuiet)
    if (message) return message.object
  }
  return assert.fail('no group of the demo carries words of its own')
}

test('both languages say it all', async () => {
  await desk.chooseLanguage(page, 'English')
  await page.goto(`${origin}/alerts`)
  await desk.assertWhole(page, 'en')
  await bar(page).getByText('1 open alert').waitFor()
  await main.getByRole('heading', { name: 'A message of a group left its circle' }).first().waitFor()
  await main.getByText(/^by Demo, /).waitFor()
  await desk.chooseLanguage(page, 'Español')
})

test('without script it is seen and taken as well', async () => {
  const plain = await support.openPage(demo.browser, origin, { javaScript: false })
  await desk.signIn(plain.page, origin)
  await bar(plain.page).getByRole('link').click()
  await plain.page.getByRole('button', { name: /^Marcar como vista/ }).click()
  await plain.page.getByText('Alerta marcada como vista.').waitFor()
  assert.equal(await bar(plain.page).isVisible(), false)
  assert.equal(await plain.page.locator('.alert-box').count(), 2, 'both stay on record')
  await plain.close()
})
