// From an empty machine to an export: the first visit, the first file, the first query, the first answer.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

const HOUR_MS = 3_600_000
const started = Date.now()
const TEXTS = [
  'Excelente el servicio de Café Bayano, qué rico el desayuno',
  'La entrega de Café Bayano llegó tardísimo y fría, pésimo servicio',
  '¿A qué hora abre Café Bayano los domingos?',
  'Otra entrega perdida. Bayano, qué horror de atención',
  'Hoy llueve en la ciudad',
  'Ríos Café tiene mejor entrega que Bayano',
  'Me encanta el pan de Ríos Café',
  'Café Bayano: gracias por resolver mi reclamo tan rápido',
  'La cafetería de la esquina cerró',
  'Entrega a tiempo, todo perfecto',
  'Nadie contesta el teléfono en Bayano',
  'Nuevo local en vía España',
]
const FILE = desk.csvOf(
  TEXTS.map((text, at) => ({
    id: `fila-${at}`,
    autor: `persona${at % 4}`,
    fecha: new Date(started - (at + 1) * HOUR_MS).toISOString(),
    texto: text,
    me_gusta: at,
  })),
)

let program, browser, opened, page

before(async () => {
  program = await support.startAtalaya()
  browser = await support.launchBrowser()
  // The answer to a form with a mistake is 422, which the browser notes.
  opened = await support.openPage(browser, program.origin, { allowed: [/status of 422/] })
  page = opened.page
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('the first visit leads to the set-up and explains a mistake beside its field', async () => {
  await page.goto(program.url)
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(new URL(page.url()).pathname, '/welcome')
  await desk.assertWhole(page)
  await support.screenshot(page, 'welcome')
  await desk.fillFirstVisit(page, { password: 'corta' })
  await page.getByRole('button', { name: 'Crear y entrar' }).click()
  const password = page.getByLabel('Contraseña')
  await page.waitForFunction(() => document.querySelector('#password').getAttribute('aria-invalid') === 'true')
  assert.match(await describedBy(password), /caracteres/)
  for (const [label, value] of Object.entries(desk.FIRST_VISIT)) {
    const kept = label === 'Contraseña' ? '' : value
    assert.equal(await page.getByLabel(label).inputValue(), kept, `${label} is not kept`)
  }
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'welcome-mistake')
})

test('the set-up signs in and the empty overview says what to do', async () => {
  await page.getByLabel('Contraseña').fill(desk.FIRST_VISIT['Contraseña'])
  await page.getByRole('button', { name: 'Crear y entrar' }).click()
  await page.getByRole('heading', { level: 1, name: 'Panorama' }).waitFor()
  await desk.assertWhole(page)
  const main = page.getByRole('main')
  for (const way of ['/import', '/sources/new', '/queries']) {
    assert.ok((await main.locator(`a[href^="${way}"]`).count()) > 0, `the empty overview does not lead to ${way}`)
  }
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'overview-empty')
})

test('a CSV file comes in through the page, and a second time changes nothing', async () => {
  await page.getByRole('main').locator('a[href="/import"]').click()
  const first = await desk.importFile(page, 'comentarios.csv', FILE)
  assert.deepEqual({ new: first.new, rejected: first.rejected }, { new: TEXTS.length, rejected: 0 })
  await support.screenshot(page, 'import-done')
  const again = await desk.importFile(page, 'los-mismos.csv', FILE)
  assert.deepEqual({ new: again.new, same: again.same }, { new: 0, same: TEXTS.length })
  await page.getByRole('link', { name: 'Explorador' }).click()
  await page.getByRole('heading', { name: `${TEXTS.length} publicaciones` }).waitFor()
  assert.equal(await page.getByRole('article').count(), TEXTS.length)
})

test('the brand handbook has made the first queries', async () => {
  await page.getByRole('link', { name: 'Consultas' }).click()
  await page.getByRole('heading', { level: 1, name: 'Consultas' }).waitFor()
  const own = page.getByRole('row').filter({ hasText: 'Café Bayano' }).first()
  await own.getByRole('link', { name: '7 menciones' }).waitFor()
})

test('while a query is written the page counts and shows examples, and points at a mistake', async () => {
  await page.getByRole('link', { name: 'Nueva consulta' }).first().click()
  await page.getByLabel('Nombre').fill('Entregas')
  const expression = page.getByLabel('Expresión')
  await expression.pressSequentially('entrega')
  const trial = page.getByRole('region', { name: 'Lo que encuentra' })
  await trial.getByText('4 menciones').waitFor()
  assert.equal(await trial.getByRole('article').count(), 4)
  await expression.pressSequentially(' (tarde')
  await trial.getByText('^').waitFor()
  assert.match(await trial.innerText(), /entrega \(tarde\n {8}\^/)
  await support.assertAccessible(page)
  await support.screenshot(page, 'query-mistake')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await page.waitForFunction(() => document.querySelector('#expression').getAttribute('aria-invalid') === 'true')
  assert.match(await describedBy(page.getByLabel('Expresión')), /paréntesis/)
  await page.getByLabel('Expresión').fill('entrega NOT "a tiempo"')
  await trial.getByText('3 menciones').waitFor()
  await page.getByRole('button', { name: 'Guardar' }).click()
  await page.getByRole('heading', { level: 1, name: 'Entregas' }).waitFor()
  await desk.assertWhole(page)
})

test('a search marks what it found and a post says why it has its tone', async () => {
  await page.getByRole('searchbox', { name: 'Buscar en las publicaciones' }).fill('pesimo NEAR/5 servicio')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '1 publicación' }).waitFor()
  const post = page.getByRole('article')
  assert.deepEqual(await post.locator('mark').allInnerTexts(), ['pésimo', 'servicio'])
  await post.locator('time').click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await desk.assertWhole(page)
  const aside = page.getByRole('main')
  await aside.getByText('Qué pesó').first().click()
  await aside.getByRole('rowheader', { name: /pésimo/ }).first().waitFor()
  await support.assertAccessible(page)
  await support.screenshot(page, 'post-reasons')
})

test('an export holds what was found, and its manifest says what it is', async () => {
  await page.goto(`${program.origin}/explorer?q=bayano`)
  const found = await page.getByRole('article').count()
  assert.equal(found, 7)
  await page.getByText('Guardar, vigilar o exportar esta búsqueda').click()
  await page.getByRole('button', { name: 'CSV' }).click()
  await page.getByRole('heading', { level: 1, name: 'Exportaciones' }).waitFor()
  // It is written in the background; the list brings it without a reload.
  await page.getByRole('link', { name: 'Descargar el manifiesto' }).waitFor({ timeout: desk.SOON_MS_MAX })
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'exports')
  const row = page.getByRole('row').nth(1)
  const csv = await downloaded(row.getByRole('link').first())
  const manifest = JSON.parse(await downloaded(row.getByRole('link').last()))
  const [header, ...rows] = desk.parseCsv(csv)
  assert.deepEqual(header, manifest.columns)
  assert.equal(rows.length, found)
  assert.equal(manifest.rows, found)
  assert.match(manifest.expression, /bayano/)
  assert.equal(createHash('sha256').update(csv).digest('hex'), manifest.sha256)
  const texts = rows.map((cells) => cells[header.indexOf('text')])
  assert.deepEqual(texts.toSorted(), TEXTS.filter((text) => /bayano/i.test(text)).toSorted())
  opened.assertClean()
})

async function downloaded(link) {
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  return readFile(await download.path(), 'utf8')
}

/** The hint and the mistake that belong to a field. */
function describedBy(field) {
  return field.evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((id) => document.getElementById(id)?.innerText)
      .join(' '),
  )
}
