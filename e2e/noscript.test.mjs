// A working day without JavaScript: everything that changes something is an ordinary form.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

let program, browser, opened, page, main

before(async () => {
  program = await support.startAtalaya({ command: 'demo', args: ['--posts', String(desk.DEMO_POSTS)] })
  browser = await support.launchBrowser()
  opened = await support.openPage(browser, program.origin, { javaScript: false, allowed: [/status of 4(01|22)/] })
  page = opened.page
  main = page.getByRole('main')
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('a page asked for without a session comes after the log-in', async () => {
  await page.goto(`${program.origin}/explorer?q=acme`)
  await page.getByLabel('Correo').fill(desk.DEMO.email)
  await page.getByLabel('Contraseña').fill('no es esta')
  await main.getByRole('button', { name: 'Iniciar sesión' }).click()
  await page.getByRole('alert').filter({ hasText: 'no son correctos' }).waitFor()
  assert.equal(await page.getByLabel('Correo').inputValue(), desk.DEMO.email)
  await page.getByLabel('Contraseña').fill(desk.DEMO.password)
  await main.getByRole('button', { name: 'Iniciar sesión' }).click()
  await page.getByRole('heading', { level: 1, name: 'Explorador' }).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('q'), 'acme')
})

test('a search is filtered, sorted and leafed through', async () => {
  await main.getByText('Más filtros').click()
  await main.getByLabel('Tono').selectOption({ label: 'Negativo' })
  await main.getByLabel('Orden').selectOption('oldest')
  await main.getByRole('button', { name: 'Buscar' }).click()
  const { searchParams } = new URL(page.url())
  assert.deepEqual([searchParams.get('q'), searchParams.get('tone'), searchParams.get('order')], ['acme', 'negative', 'oldest'])
  const first = await main.getByRole('article').first().innerText()
  for (const post of await main.getByRole('article').all()) assert.match(await post.innerText(), /Negativo/)
  await main.getByRole('link', { name: 'Página siguiente' }).click()
  assert.notEqual(await main.getByRole('article').first().innerText(), first)
  await main.getByRole('link', { name: 'Primera página' }).click()
  assert.equal(await main.getByRole('article').first().innerText(), first)
})

test('several posts get a label at once and lose it again', async () => {
  const boxes = main.getByRole('article').getByRole('checkbox')
  for (const at of [0, 1, 2]) await boxes.nth(at).check()
  await main.getByLabel('Etiqueta', { exact: true }).fill('por responder')
  await main.getByRole('button', { name: 'Poner etiqueta' }).click()
  await main.getByText('Pusimos la etiqueta.').waitFor()
  await page.goto(`${program.origin}/explorer?q=` + encodeURIComponent('label:"por responder"'))
  assert.equal(await main.getByRole('article').count(), 3)
  await main.getByRole('article').getByRole('checkbox').first().check()
  await main.getByLabel('Etiqueta', { exact: true }).fill('por responder')
  await main.getByRole('button', { name: 'Quitar etiqueta' }).click()
  await main.getByText('Quitamos la etiqueta.').waitFor()
  assert.equal(await main.getByRole('article').count(), 2)
})

test('a search is kept as a stream and removed', async () => {
  await page.goto(`${program.origin}/explorer?q=desayuno`)
  await main.getByText('Guardar, vigilar o exportar esta búsqueda').click()
  await main.getByLabel('Nombre').fill('Desayunos')
  await main.getByRole('button', { name: 'Guardar' }).click()
  await main.getByText('Guardamos el flujo.').waitFor()
  await main.getByRole('link', { name: 'Desayunos' }).click()
  assert.equal(new URL(page.url()).searchParams.get('q'), 'desayuno')
  await page.getByRole('navigation').getByRole('link', { name: 'Flujos' }).click()
  await main.getByRole('button', { name: 'Eliminar Desayunos' }).click()
  assert.equal(await main.getByRole('link', { name: 'Desayunos' }).count(), 0)
})

test('a query is tried, corrected and saved, and later archived', async () => {
  await page.goto(`${program.origin}/queries/new`)
  await main.getByLabel('Nombre').fill('Desayunos')
  await main.getByLabel('Expresión').fill('desayuno AND')
  await main.getByRole('button', { name: 'Probar' }).click()
  await main.getByText('^').waitFor()
  assert.equal(await main.getByLabel('Nombre').inputValue(), 'Desayunos')
  await main.getByLabel('Expresión').fill('desayuno')
  await main.getByRole('button', { name: 'Probar' }).click()
  const trial = main.getByRole('region', { name: 'Lo que encuentra' })
  await trial.getByRole('link', { name: /menciones/ }).waitFor()
  assert.ok((await trial.getByRole('article').count()) > 0)
  await main.getByRole('button', { name: 'Guardar' }).click()
  await main.getByText('Guardamos la consulta').waitFor()
  await main.getByRole('link', { name: 'Archivar' }).click()
  await main.getByRole('button', { name: 'Archivar' }).click()
  await page.getByRole('heading', { level: 1, name: 'Consultas' }).waitFor()
  assert.equal(await main.getByRole('link', { name: 'Desayunos' }).count(), 0)
})

test('a source whose server does not answer says so in words', async () => {
  const port = await support.findFreePort()
  await page.goto(`${program.origin}/sources/new?kind=feed`)
  await main.getByLabel('Nombre').fill('Diario apagado')
  await main.getByLabel('Dirección del canal').fill(`http://127.0.0.1:${port}/feed.xml`)
  await main.getByRole('button', { name: 'Añadir la fuente' }).click()
  await page.getByRole('heading', { level: 1, name: 'Diario apagado' }).waitFor()
  await untilShown(main.getByText('Con errores').first())
  assert.match(await main.innerText(), /No hay conexión con la fuente/)
  await page.getByRole('navigation').getByRole('link', { name: 'Fuentes' }).click()
  const source = main.getByRole('listitem').filter({ hasText: 'Diario apagado' })
  await source.getByText('Con errores').waitFor()
  await source.getByRole('button', { name: /Pausar/ }).click()
  await main.getByText('La fuente está en pausa.').waitFor()
})

test('the theme stays chosen, and signing out ends the session', async () => {
  await page.goto(program.origin)
  await desk.openMenu(page)
  await page.getByRole('button', { name: 'Oscura' }).click()
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  await desk.openMenu(page)
  await page.getByRole('button', { name: 'Cerrar sesión' }).click()
  await page.getByRole('heading', { level: 1, name: 'Iniciar sesión' }).waitFor()
  await page.goto(`${program.origin}/explorer`)
  assert.equal(new URL(page.url()).pathname, '/login')
  opened.assertClean()
})

/** Loads the page again until it shows something, as a person without script would. */
async function untilShown(locator) {
  const deadline = Date.now() + desk.SOON_MS_MAX
  while ((await locator.count()) === 0) {
    assert.ok(Date.now() < deadline, `${locator} does not appear on ${page.url()}`)
    await page.reload()
  }
}
