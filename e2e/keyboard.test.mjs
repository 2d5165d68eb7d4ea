// From the log-in to a post and back with the keyboard alone; the focus is seen at every step.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

let program, browser, opened, page, main

before(async () => {
  program = await support.startAtalaya({ command: 'demo', args: ['--posts', String(desk.DEMO_POSTS)] })
  browser = await support.launchBrowser()
  opened = await support.openPage(browser, program.origin)
  page = opened.page
  main = page.getByRole('main')
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('signing in needs no mouse', async () => {
  await page.goto(program.origin)
  await support.typeInto(page, page.getByLabel('Correo'), desk.DEMO.email)
  await support.typeInto(page, page.getByLabel('Contraseña'), desk.DEMO.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Panorama' }).waitFor()
})

test('the first stop skips to the content', async () => {
  const skip = page.getByRole('link', { name: 'Saltar al contenido' })
  await page.keyboard.press('Tab')
  assert.ok(await skip.evaluate((element) => element === document.activeElement), 'the skip link is not the first stop')
  const box = await skip.boundingBox()
  assert.ok(box && box.x >= 0 && box.y >= 0, 'the skip link is not on the screen while it has the focus')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  const inside = await page.evaluate(() => document.querySelector('main').contains(document.activeElement))
  assert.ok(inside, 'after the skip link the next stop is not in the content')
})

test('the search is one shortcut away and its first result opens', async () => {
  await page.keyboard.press('Control+k')
  await page.keyboard.type('acme')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Explorador' }).waitFor()
  await support.pressOn(page, main.getByRole('article').first().locator('a:has(time)'))
  await page.getByRole('heading', { level: 1, name: /Publicación de/ }).waitFor()
  await support.pressOn(page, main.getByText('Qué pesó').first())
  await main.getByRole('table').first().waitFor()
})

test('the navigation is reached, in order, and says where one is', async () => {
  const rooms = page.getByRole('navigation', { name: 'Secciones' })
  await support.pressOn(page, rooms.getByRole('link', { name: 'Flujos' }))
  await page.getByRole('heading', { level: 1, name: 'Flujos' }).waitFor()
  assert.equal(await rooms.locator('[aria-current=page]').innerText(), 'Flujos')
})

test('a stream is saved, and the question before it is removed closes with Escape', async () => {
  await support.typeInto(page, main.getByLabel('Nombre'), 'Con el teclado')
  await support.typeInto(page, main.getByLabel('Buscar'), 'café')
  await support.pressOn(page, main.getByRole('button', { name: 'Guardar' }))
  const remove = main.getByRole('button', { name: 'Eliminar Con el teclado' })
  await remove.waitFor()
  await support.pressOn(page, remove)
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  assert.match(await dialog.innerText(), /«.?Con el teclado.?» se elimina/)
  assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)), 'the focus is not in the dialog')
  await support.assertAccessible(page)
  await support.screenshot(page, 'dialog')
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  assert.ok(await remove.evaluate((element) => element === document.activeElement), 'the focus is not back on the button')
  await page.keyboard.press('Enter')
  await dialog.waitFor()
  await support.pressOn(page, dialog.getByRole('button', { name: 'Eliminar' }))
  await main.getByText('Eliminamos el flujo.').waitFor()
})

test('the menu opens, changes the language, and closes with Escape', async () => {
  const menu = page.locator('summary').filter({ hasText: 'Menú de' })
  await support.pressOn(page, menu)
  await page.getByRole('button', { name: 'English' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'English' }).waitFor({ state: 'hidden' })
  assert.ok(await menu.evaluate((element) => element === document.activeElement), 'the focus is not back on the menu')
  await page.keyboard.press('Enter')
  await support.pressOn(page, page.getByRole('button', { name: 'English' }))
  await page.getByRole('heading', { level: 1, name: 'Streams' }).waitFor()
})

test('on a telephone the sections open and close', async () => {
  await page.setViewportSize({ width: support.NARROW_PX, height: 640 })
  await support.pressOn(page, page.getByRole('button', { name: 'Menu', exact: true }))
  const rooms = page.getByRole('navigation', { name: 'Sections' })
  await rooms.waitFor()
  await support.screenshot(page, 'sections-narrow')
  await page.keyboard.press('Escape')
  await rooms.waitFor({ state: 'hidden' })
  opened.assertClean()
})
