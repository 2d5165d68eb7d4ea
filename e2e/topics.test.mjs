// «Temas y preguntas»: what is new, what is asked again and again, and from a question to its answer in one
// click, without script. The pages are also looked at with axe, in both languages and on a narrow screen.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

const HOUR_MS = 3_600_000
const started = Date.now()
const TALK = ['Qué calor en David', 'La fila del banco', 'Leyendo un libro', 'Buen pan hoy', 'El bus lleno', 'Mi perro ladra']
const ENDS = ['y llueve', 'con mi prima', 'sin prisa', 'otra vez', 'en Colón']
const WATER = ['Tubería madre rota', 'reparan la tubería madre', 'otra tubería madre sin arreglo']

/** A post that was written so many hours ago. */
function post(id, author, text, hours) {
  return { id: `temas-${id}`, author, text, time: new Date(started - hours * HOUR_MS).toISOString() }
}

const ROWS = [
  ...Array.from({ length: 200 }, (_, at) => post(`a${at}`, `c${at % 90}`, `${TALK[at % 6]} ${ENDS[at % 5]}`, 180 + at * 2)),
  ...Array.from({ length: 60 }, (_, at) => post(`b${at}`, `c${at % 90}`, `${TALK[at % 6]} ${ENDS[at % 5]}`, 1 + at)),
  ...Array.from({ length: 20 }, (_, at) => post(`c${at}`, `v${at}`, `${WATER[at % 3]}, ${ENDS[at % 5]}`, 3)),
  post('d1', 'ana', '¿Tienen wifi?', 4),
  post('d2', 'beto', 'hola, hay wifi?', 4),
  post('d3', 'caro', 'hay wifi?', 5),
]

let program, browser, opened, page, main

before(async () => {
  program = await support.startAtalaya()
  browser = await support.launchBrowser()
  opened = await support.openPage(browser, program.origin, { allowed: [/status of 422/] })
  page = opened.page
  main = page.getByRole('main')
  await desk.setUp(page, program.origin)
  await page.goto(`${program.origin}/import`)
  const counts = await desk.importFile(page, 'temas.csv', desk.csvOf(ROWS))
  assert.equal(counts.new, ROWS.length)
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('the menu leads to topics and to questions with their posts', async () => {
  await page.goto(program.origin)
  await page.getByRole('link', { name: 'Temas y preguntas' }).click()
  await page.getByRole('heading', { level: 1, name: 'Temas y preguntas' }).waitFor()
  await main.getByRole('heading', { level: 3, name: /tubería madre/i }).first().waitFor()
  await support.screenshot(page, 'topics')
  const posts = main.getByRole('link', { name: /publicaciones ?: .*tubería madre/i }).first()
  const count = (await posts.textContent()).match(/\d+/)[0]
  await posts.click()
  await page.getByRole('heading', { level: 1, name: 'Explorador' }).waitFor()
  assert.match(await main.innerText(), new RegExp(`\\b${count} publicaciones`), 'the explorer counts the same')
  assert.equal(Number(count), 20)
})

test('a question becomes a frequent answer, which then stands beside it', async () => {
  await page.goto(`${program.origin}/topics`)
  await main.getByRole('link', { name: /Crear respuesta frecuente ?: hay wifi/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Nueva respuesta frecuente' }).waitFor()
  assert.equal(await main.locator('#question').inputValue(), 'hay wifi?')
  await support.assertAccessible(page)
  await support.screenshot(page, 'answers-new')
  await main.locator('#answer').fill('Sí: la clave está en la caja.')
  await main.getByRole('button', { name: 'Guardar' }).click()
  await page.getByText('Guardamos la respuesta.').waitFor()
  await page.goto(`${program.origin}/topics`)
  await main.getByText('Ya hay respuesta:').waitFor()
  await main.getByText('Sí: la clave está en la caja.').waitFor()
})

for (const address of ['/topics', '/answers', '/answers/1', '/answers/1/archive', '/topics?q=' + encodeURIComponent('(agua')]) {
  test(`${address} is whole, accessible and narrow enough in both languages`, async () => {
    await page.goto(program.origin + address)
    await desk.assertWhole(page)
    for (const details of await main.locator('details').all()) await details.evaluate((one) => (one.open = true))
    await support.assertAccessible(page)
    await support.assertNoSidewaysScroll(page)
    await desk.chooseLanguage(page, 'English')
    await desk.assertWhole(page, 'en')
    await desk.chooseLanguage(page, 'Español')
  })
}

test('nothing went wrong in the browser', () => opened.assertClean())
