// What somebody may not do is not offered to them, and refused in words when they try anyway.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

const READER = { name: 'Rosa Ruiz', email: 'rosa@example.org', password: 'solo-lee-con-calma' }
/** Pages that a viewer may open, with what the administrator is offered there. */
const OFFERED = [
  ['/', 'Importar'],
  ['/explorer', 'Poner etiqueta'],
  ['/explorer', 'CSV'],
  ['/streams', 'Guardar'],
  ['/queries', 'Nueva consulta'],
  ['/queries/1', 'Archivar'],
  ['/sources', 'Añadir una fuente'],
  ['/sources', 'Pausar'],
  ['/settings', 'Guardar'],
]
/** Pages and forms that a viewer is refused. */
const PAGES_REFUSED = ['/import', '/rejects', '/exports', '/queries/new', '/sources/new', '/settings/people', '/settings/data']
const FORMS_REFUSED = [
  ['/queries', { name: 'Mía', purpose: 'topic', expression: 'café' }],
  ['/explorer/label', { post: '1', label: 'mía', do: 'add' }],
  ['/explorer/export', { expression: '', format: 'csv' }],
  ['/sources/1/pause', {}],
  ['/settings/people', { email: 'otra@example.org', password: 'una-clave-larga-2026', role: 'administrator' }],
]

let program, browser, administrator, viewer

before(async () => {
  program = await support.startAtalaya({ command: 'demo', args: ['--posts', '200'] })
  browser = await support.launchBrowser()
  administrator = await support.openPage(browser, program.origin, { allowed: [/status of 422/] })
  viewer = await support.openPage(browser, program.origin, { allowed: [/status of 403/] })
  await desk.signIn(administrator.page, program.origin)
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('an administrator adds a person who may only read', async () => {
  const { page } = administrator
  await page.goto(`${program.origin}/settings/people`)
  const form = page.locator('form').filter({ has: page.getByRole('heading', { name: 'Añadir a una persona' }) })
  await form.getByLabel('Nombre').fill(READER.name)
  await form.getByLabel('Correo').fill(READER.email)
  await form.getByLabel('Primera contraseña').fill('corta')
  await form.getByLabel('Rol').selectOption({ label: 'Lectura' })
  await form.getByRole('button', { name: 'Añadir a una persona' }).click()
  await form.getByText(/^Al menos \d+ caracteres\.$/).waitFor()
  assert.equal(await form.getByLabel('Correo').inputValue(), READER.email)
  assert.equal(await form.getByLabel('Rol').evaluate((one) => one.selectedOptions[0].label), 'Lectura')
  await form.getByLabel('Primera contraseña').fill(READER.password)
  await form.getByRole('button', { name: 'Añadir a una persona' }).click()
  await page.getByText('La persona ya puede entrar.').waitFor()
  await page.getByRole('listitem').filter({ hasText: READER.name }).getByText('Lectura').first().waitFor()
})

test('the administrator is offered what the viewer is not', async () => {
  await desk.signIn(viewer.page, program.origin, READER)
  for (const [address, words] of OFFERED) {
    await offers(administrator.page, address, true, words)
    await offers(viewer.page, address, false, words)
  }
  await support.screenshot(viewer.page, 'viewer-settings')
})

test('the viewer reads: posts, figures, queries, the health of sources', async () => {
  const { page } = viewer
  await page.goto(`${program.origin}/explorer`)
  await page.getByRole('article').first().locator('a:has(time)').click()
  await page.getByRole('heading', { level: 1, name: /Publicación de/ }).waitFor()
  for (const address of ['/queries/1', '/sources/1', '/streams', '/settings']) {
    await page.goto(program.origin + address)
    await desk.assertWhole(page)
    await support.assertAccessible(page)
  }
})

test('pages that need more are refused in words', async () => {
  const { page } = viewer
  for (const address of PAGES_REFUSED) {
    const answer = await page.goto(program.origin + address)
    assert.equal(answer.status(), 403, address)
    await page.getByRole('heading', { level: 1, name: 'No tienes permiso para ver esto' }).waitFor()
    await desk.assertWhole(page)
  }
  await support.assertAccessible(page)
  await support.screenshot(page, 'forbidden')
})

test('forms that need more are refused, and nothing has changed', async () => {
  const { page } = viewer
  for (const [action, fields] of FORMS_REFUSED) {
    await page.goto(`${program.origin}/streams`)
    const [answer] = await Promise.all([page.waitForEvent('response', (one) => one.request().method() === 'POST'), force(page, action, fields)])
    assert.equal(answer.status(), 403, action)
    await page.getByRole('heading', { level: 1, name: /No tienes permiso/ }).waitFor()
  }
  await administrator.page.goto(`${program.origin}/settings/people`)
  assert.equal(await administrator.page.getByText('otra@example.org').count(), 0)
  await administrator.page.goto(`${program.origin}/queries`)
  assert.equal(await administrator.page.getByRole('link', { name: 'Mía' }).count(), 0)
  viewer.assertClean()
  administrator.assertClean()
})

test('a removed person is out at once', async () => {
  const { page } = administrator
  await page.goto(`${program.origin}/settings/people`)
  await page.getByRole('link', { name: `Quitar a ${READER.name}` }).click()
  await page.getByRole('button', { name: 'Quitar' }).click()
  await page.getByText('La persona ya no está en este espacio.').waitFor()
  await viewer.page.goto(`${program.origin}/explorer`)
  assert.equal(await viewer.page.getByRole('article').count(), 0, 'a removed person still reads')
})

/** Asserts that a button or link with these words is, or is not, on a page. */
async function offers(page, address, isOffered, words) {
  await page.goto(program.origin + address)
  const body = page.locator('body')
  const found = await body.locator('a:visible, button, input[type=submit]').filter({ hasText: words }).count()
  assert.equal(found > 0, isOffered, `${address} ${isOffered ? 'does not offer' : 'offers'} «${words}»`)
}

/** Sends a form that the page does not have, with the token that it does have. */
function force(page, action, fields) {
  return page.evaluate(
    ([to, values]) => {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = to
      const csrf = document.querySelector('input[name=csrf]').value
      for (const [name, value] of Object.entries({ csrf, ...values })) {
        const field = document.createElement('input')
        field.type = 'hidden'
        field.name = name
        field.value = value
        form.append(field)
      }
      document.body.append(form)
      form.submit()
    },
    [action, fields],
  )
}
