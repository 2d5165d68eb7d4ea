// Coordinated networks as a team works with them: the search, the evidence card on screen and on paper, a signed
// decision, the audit of a campaign, the map with and without WebGL, by keyboard, without script, in both languages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

/** Longest search over the posts of the demo, in milliseconds. */
const SEARCH_MS_MAX = 120_000

let program, browser, opened, page, main
/** Path of the card of the strongest group. */
let card
/** Path of the card of its most central account. */
let account

before(async () => {
  program = await support.startAtalaya({ command: 'demo', args: ['--posts', String(desk.DEMO_POSTS)] })
  browser = await support.launchBrowser()
  opened = await support.openPage(browser, program.origin, { allowed: [/status of 422/] })
  page = opened.page
  main = page.getByRole('main')
  await desk.signIn(page, program.origin)
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

const groups = (where) => where.locator('.group-list > li')

test('«Buscar ahora» finds groups, says what was looked at, and puts what matters first', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Redes coordinadas' }).click()
  await main.getByRole('button', { name: 'Buscar ahora' }).click()
  await main.getByText('La búsqueda empezó').waitFor()
  // While it runs the way to stop it stands in the place of the button.
  await main.getByRole('button', { name: 'Buscar ahora' }).waitFor({ timeout: SEARCH_MS_MAX })
  await page.goto(`${program.origin}/coordination`)
  await main.getByRole('heading', { name: /^Última búsqueda/ }).waitFor({ timeout: SEARCH_MS_MAX })
  await main.getByText(/^Se miraron/).waitFor()
  await main.locator('summary').filter({ hasText: 'Qué se miró y qué se recortó' }).click()
  await main.getByRole('columnheader', { name: 'Parejas que el azar no explica' }).waitFor()
  assert.ok((await groups(main).count()) > 0, 'the demo has planted groups')
  const first = await groups(main).first().innerText()
  assert.match(first, /actúen de forma coordinada/)
  assert.match(first, /Nadie ha decidido todavía/)
  assert.match(first, /Último acto/)
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await desk.assertWhole(page)
  await support.screenshot(page, 'coordination')
})

test('the card shows each number beside its limit, what would change the word, and who else it could be', async () => {
  await groups(main).first().getByRole('link').click()
  await main.getByRole('heading', { level: 1, name: /de forma coordinada/ }).waitFor()
  card = new URL(page.url()).pathname
  for (const name of [/^Qué hace$/, /qué lo cambiaría$/, /^Explicaciones inocentes/, /^Publicaciones lado a lado$/, /^Sus mensajes/]) {
    await main.getByRole('heading', { level: 2, name }).waitFor()
  }
  assert.ok((await main.locator('.moment').first().getByText(/^\+\d/).count()) > 1, 'posts side by side with the seconds')
  await main.locator('summary').filter({ hasText: 'Aficionados de la misma persona' }).click()
  await main.getByRole('region', { name: /Aficionados/ }).waitFor()
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await desk.assertWhole(page)
  await support.screenshot(page, 'coordination-group')
})

test('the card of an account lays its posts beside those of the others, and says what speaks against', async () => {
  await main.getByRole('region', { name: 'Cuentas del grupo' }).getByRole('link').first().click()
  await main.getByRole('heading', { level: 1, name: /en su grupo$/ }).waitFor()
  account = new URL(page.url()).pathname
  assert.match(account, /\/accounts\/[0-9a-f]{16}$/)
  await main.getByText('La palabra es del grupo, no de la cuenta').waitFor()
  const pairs = main.locator('.moment:visible')
  assert.ok((await pairs.count()) > 0)
  assert.match(await pairs.first().innerText(), /La otra, .+ (antes|después)|En el mismo segundo/)
  assert.equal(await pairs.first().getByRole('listitem').count(), 2)
  assert.ok((await main.getByRole('region', { name: /^Con quién coincide/ }).getByRole('link').count()) > 0)
  await main.locator('summary').filter({ hasText: 'Vida propia fuera de lo conjunto' }).click()
  await main.getByRole('region', { name: /Vida propia/ }).waitFor()
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await desk.assertWhole(page)
  await support.screenshot(page, 'coordination-account')
  const get = async (file) => (await page.request.get(`${program.origin}${account}/files/${file}`)).text()
  const data = JSON.parse(await get('data.json'))
  const rows = desk.parseCsv(await get('actions.csv'))
  assert.ok(rows.some((row) => row[4] === data.card.member.account))
  // By keyboard to another account of the group, and back to the group.
  await support.pressOn(page, pairs.first().getByRole('listitem').locator('a[href*="/accounts/"]'))
  await page.waitForURL((url) => url.pathname !== account)
  await main.getByRole('link', { name: 'Su grupo' }).click()
  await main.getByRole('heading', { level: 1, name: /de forma coordinada/ }).waitFor()
})

test('the card goes to paper whole, without what is only for the screen', async () => {
  await page.emulateMedia({ media: 'print' })
  assert.equal(await main.getByRole('button', { name: 'Firmar la decisión' }).isVisible(), false)
  assert.equal(await page.getByRole('navigation', { name: 'Secciones' }).isVisible(), false)
  await main.getByText(/^Evidencia de Atalaya/).waitFor()
  await page.emulateMedia({ media: 'screen' })
  const pdf = await page.pdf({ format: 'A4' })
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  assert.ok(pdf.length > 20_000, `${pdf.length} bytes`)
})

test('the evidence is taken along as data that other programs read', async () => {
  const get = async (file) => (await page.request.get(`${program.origin}${card}/files/${file}`)).text()
  const data = JSON.parse(await get('data.json'))
  assert.equal(card, `/coordination/groups/${data.report.id}`)
  const [columns, ...shares] = desk.parseCsv(await get('shares.csv'))
  assert.deepEqual(columns, ['object_id', 'account_id', 'content_id', 'timestamp_share'])
  assert.ok(shares.length > 1)
  const [names, ...acts] = desk.parseCsv(await get('actions.csv'))
  assert.deepEqual(names, ['trace', 'object_id', 'object', 'half', 'account', 'member', 'post', 'time_s', 'target', 'occasion'])
  const manifest = JSON.parse(await get('manifest.json'))
  assert.deepEqual([acts.length, shares.length], [manifest.acts, manifest.acts])
  const members = new Set(data.report.members.map((member) => member.account))
  assert.ok(acts.every(([, , , , who, isMember]) => (isMember === 'true') === members.has(who)))
  assert.equal(desk.parseCsv(await get('members.csv')).length, data.report.members.length + 1)
  assert.match(await get('graph.gexf'), /<gexf [^]*for="traces" value="(co|fast|syn)/)
  assert.match(await get('graph.graphml'), /<graphml [^]*key="traces">(co|fast|syn)/)
})

test('a decision needs a choice, is signed by keyboard, and is seen in the list', async () => {
  await support.pressOn(page, main.getByRole('link', { name: 'Decidir', exact: true }))
  assert.equal(new URL(page.url()).hash, '#decision')
  const sign = main.getByRole('button', { name: 'Firmar la decisión' })
  await sign.press('Enter')
  await main.getByText('Elige una de las tres').waitFor()
  await main.getByLabel('En vigilancia').check()
  await main.getByLabel('Por qué').fill('Lo miramos otra semana')
  await sign.press('Enter')
  await main.getByText('Tu decisión quedó firmada').waitFor()
  await main.getByText('Lo miramos otra semana').first().waitFor()
  await page.goto(`${program.origin}/coordination`)
  assert.match(await groups(main).first().innerText(), /En vigilancia/)
})

test('a campaign is audited with intervals and method', async () => {
  await main.getByRole('link', { name: 'Auditar una campaña' }).click()
  await main.getByLabel('La campaña').fill('acme')
  await main.getByRole('button', { name: 'Auditar' }).click()
  await main.getByRole('heading', { level: 2, name: 'Cómo se calcula' }).waitFor()
  await main.getByRole('rowheader', { name: /^Coordinada/ }).waitFor()
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'coordination-audit')
  await main.getByLabel('La campaña').fill('"sin cerrar')
  await main.getByRole('button', { name: 'Auditar' }).click()
  await main.locator('.caret').waitFor()
})

test('the map is an illustration beside its table, and says so where it cannot be drawn', async () => {
  await page.goto(`${program.origin}/coordination/map`)
  const table = main.getByRole('region', { name: 'Grupos del mapa' })
  assert.ok((await table.getByRole('link').count()) > 0)
  const canvas = main.getByRole('application', { name: 'Mapa de cuentas por grupos' })
  // With WebGL there is a picture, without it a sentence.
  await main.locator('[data-map-ready]:not([hidden]), [data-map-missing]:not([hidden])').first().waitFor()
  if (await canvas.isVisible()) {
    await canvas.focus()
    await page.keyboard.press('n')
    await main.getByRole('status').filter({ hasText: /\S/ }).waitFor()
    await page.keyboard.press('+')
    await page.keyboard.press('0')
  }
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'coordination-map')
  opened.assertClean()
})

test('both languages say it all', async () => {
  await desk.chooseLanguage(page, 'English')
  for (const path of ['/coordination', card, account, '/coordination/audit?q=acme', '/coordination/map']) {
    await page.goto(program.origin + path)
    await desk.assertWhole(page, 'en')
  }
  await desk.chooseLanguage(page, 'Español')
})

test('without script everything but the picture of the map works as well', async () => {
  const plain = await support.openPage(browser, program.origin, { javaScript: false })
  await desk.signIn(plain.page, program.origin)
  await plain.page.goto(program.origin + card)
  await plain.page.getByRole('region', { name: 'Cuentas del grupo' }).getByRole('link').first().click()
  await plain.page.getByRole('heading', { level: 2, name: 'Lo que habla en contra' }).waitFor()
  await plain.page.getByRole('link', { name: 'Su grupo' }).click()
  await plain.page.getByLabel('Descartado: hay una explicación inocente').check()
  await plain.page.getByLabel('Por qué').fill('Es un club')
  await plain.page.getByRole('button', { name: 'Firmar la decisión' }).click()
  await plain.page.getByText('Tu decisión quedó firmada').waitFor()
  await plain.page.goto(`${program.origin}/coordination`)
  await plain.page.getByText(/grupos? descartados? por el equipo/).waitFor()
  await plain.page.goto(`${program.origin}/coordination/map`)
  assert.match(await plain.page.locator('#map noscript').innerText(), /El mapa necesita JavaScript/)
  assert.ok((await plain.page.getByRole('region', { name: 'Grupos del mapa' }).getByRole('link').count()) > 0)
  await plain.close()
})
