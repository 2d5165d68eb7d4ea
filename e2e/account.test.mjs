// What a person changes by hand: the own password, a source, and the erasure of an account in the background.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

const NEW_PASSWORD = 'otra-clave-larga-2026'
const FILE = desk.csvOf([
  { id: 'una', autor: 'persona1', fecha: new Date().toISOString(), texto: 'Café Bayano abre tarde' },
  { id: 'dos', autor: 'persona2', fecha: new Date().toISOString(), texto: 'Café Bayano cierra pronto' },
])

let program, browser, opened, page, main

before(async () => {
  program = await support.startAtalaya()
  browser = await support.launchBrowser()
  // A form with a mistake is answered with 422, which the browser notes.
  opened = await support.openPage(browser, program.origin, { allowed: [/status of 422/] })
  page = opened.page
  main = page.getByRole('main')
  await desk.setUp(page, program.origin)
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('the menu of the person leads to a new password, and only the new one opens', async () => {
  await desk.openMenu(page)
  await page.getByRole('link', { name: 'Cambiar la contraseña' }).click()
  await main.getByRole('heading', { level: 2, name: 'Cambiar la contraseña' }).waitFor()
  await desk.assertWhole(page)
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await fillPassword('no es esta', NEW_PASSWORD)
  await main.getByText('Esa no es tu contraseña actual.').waitFor()
  await support.assertAccessible(page)
  await fillPassword(desk.FIRST_VISIT['Contraseña'], NEW_PASSWORD)
  await main.getByText('Cambiamos la contraseña').waitFor()
  await desk.openMenu(page)
  await page.getByRole('button', { name: 'Cerrar sesión' }).click()
  await page.getByLabel('Correo').waitFor()
  await desk.signIn(page, program.origin, { email: desk.FIRST_VISIT['Correo'], password: NEW_PASSWORD })
})

test('a source is edited and keeps what was not touched', async () => {
  await page.goto(`${program.origin}/sources/new?kind=feed`)
  await main.getByLabel('Nombre').fill('Diario')
  await main.locator('#url').fill('https://diario.example.org/rss')
  await main.getByRole('button', { name: 'Añadir la fuente' }).click()
  await main.getByRole('heading', { level: 1, name: 'Diario' }).waitFor()
  await main.getByRole('link', { name: 'Editar' }).click()
  await main.getByRole('heading', { level: 1, name: 'Editar la fuente «Diario»' }).waitFor()
  await desk.assertWhole(page)
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  assert.equal(await main.locator('#url').inputValue(), 'https://diario.example.org/rss')
  await main.locator('#url').fill('ftp://diario.example.org')
  await main.getByRole('button', { name: 'Guardar' }).click()
  await page.waitForFunction(() => document.querySelector('#url')?.getAttribute('aria-invalid') === 'true')
  await main.locator('#url').fill('https://diario.example.org/portada.rss')
  await main.getByLabel('Nombre').fill('Portada')
  await main.getByRole('button', { name: 'Guardar' }).click()
  await main.getByRole('heading', { level: 1, name: 'Portada' }).waitFor()
  await main.getByText('https://diario.example.org/portada.rss').waitFor()
  await main.getByText('Guardamos los cambios.').waitFor()
})

test('an erasure goes on in the background and says what it removed', async () => {
  await page.goto(`${program.origin}/import`)
  await desk.importFile(page, 'dos.csv', FILE)
  await page.goto(`${program.origin}/settings/data`)
  await main.getByLabel('Cuenta', { exact: false }).first().fill('persona1')
  await main.getByRole('button', { name: 'Ver qué se borra' }).click()
  await main.getByRole('button', { name: 'Suprimir' }).click()
  await main.getByRole('heading', { name: 'La cuenta está suprimida' }).waitFor({ timeout: desk.SOON_MS_MAX })
  await main.getByText('1 registro borrado').waitFor()
  await desk.assertWhole(page)
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await page.goto(`${program.origin}/explorer?q=bayano&period=all`)
  assert.equal(await main.getByRole('article').count(), 1)
  opened.assertClean()
})

async function fillPassword(current, next) {
  await main.locator('#current').fill(current)
  await main.locator('#new').fill(next)
  await main.locator('#again').fill(next)
  await main.getByRole('button', { name: 'Cambiar la contraseña' }).click()
}
