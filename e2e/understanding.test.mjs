// What posts say and want, as a team corrects and teaches it: from a post, from the page «Enseñar», by keyboard,
// without script and in both languages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as desk from './desk.mjs'
import * as support from './support.mjs'

let program, browser, opened, page, main, stop

before(async () => {
  ;({ program, browser, opened, page, main, stop } = await desk.openDemo())
})

after(() => stop?.())

/** Opens the newest post that an expression finds and gives its address. */
async function openFirst(where, expression) {
  await where.goto(`${program.origin}/explorer?q=${encodeURIComponent(expression)}`)
  await where.getByRole('main').getByRole('article').first().locator('.post-time').click()
  await where.getByRole('heading', { level: 1, name: /Publicación de|Post by/ }).waitFor()
  return new URL(where.url()).pathname
}

/** The answer to one question on the page of a post. */
const answer = (where, head) => where.locator(`#answer-${head}`)

test('the filters of the explorer lead to what people want, and a badge to the posts that have it', async () => {
  await page.goto(`${program.origin}/explorer`)
  await main.getByText('Más filtros').click()
  await main.getByLabel('Intención').selectOption({ label: 'Queja' })
  await main.getByLabel('Urgencia').selectOption('25')
  await main.getByRole('button', { name: 'Buscar' }).click()
  const { searchParams } = new URL(page.url())
  assert.deepEqual([searchParams.get('intent'), searchParams.get('urgency')], ['complaint', '25'])
  const cards = main.getByRole('article')
  assert.ok((await cards.count()) > 0, 'the demo has complaints')
  for (const card of await cards.all()) assert.match(await card.innerText(), /Queja/)
  await main.getByRole('link', { name: 'Quitar el filtro Urgencia: 25 o más' }).click()
  assert.equal(new URL(page.url()).searchParams.get('urgency'), null)
  await cards.first().getByRole('link', { name: 'Queja', exact: true }).click()
  assert.equal(new URL(page.url()).searchParams.get('intent'), 'complaint')
})

test('a correction changes the post at once, is seen in the explorer, and is undone', async () => {
  const address = await openFirst(page, 'acme tone:negative lang:es')
  await answer(page, 'tone').getByText('¿No es así?').click()
  await answer(page, 'tone').getByRole('button', { name: 'Positivo', exact: true }).click()
  await main.getByText('Anotamos la corrección').waitFor()
  await answer(page, 'tone').getByText(/Decidido por/).waitFor()
  assert.match(await answer(page, 'tone').innerText(), /Positivo/)
  assert.equal(new URL(page.url()).pathname, address)
  const listed = main.locator(`a.post-time[href="${address}"]`)
  await page.goto(`${program.origin}/explorer?q=acme&tone=positive`)
  assert.equal(await listed.count(), 1, 'the explorer finds it as positive')
  await page.goto(program.origin + address)
  await answer(page, 'tone').getByRole('button', { name: /Deshacer/ }).click()
  await main.getByText('Deshicimos la corrección').waitFor()
  assert.equal(await answer(page, 'tone').getByText(/Decidido por/).count(), 0)
  await page.goto(`${program.origin}/explorer?q=acme&tone=positive`)
  assert.equal(await listed.count(), 0)
})

test('an intent is denied and another one added, by keyboard alone', async () => {
  await openFirst(page, 'intent:complaint')
  const complaint = answer(page, 'intent-complaint')
  await support.pressOn(page, complaint.locator('summary').filter({ hasText: '¿No es así?' }))
  await support.pressOn(page, complaint.getByRole('button', { name: 'No es una queja' }))
  await main.getByText('Anotamos la corrección').waitFor()
  await answer(page, 'intent-complaint').getByText(/Decidido por/).waitFor()
  await answer(page, 'intents').getByText('Las demás intenciones').click()
  await answer(page, 'intents').getByRole('button', { name: 'Es una sugerencia' }).click()
  await answer(page, 'intent-suggestion').getByText(/Decidido por/).waitFor()
})

test('what weighed is told in words and figures', async () => {
  await openFirst(page, 'acme tone:negative lang:es')
  await answer(page, 'tone').locator('summary').filter({ hasText: 'Qué pesó' }).click()
  const table = answer(page, 'tone').getByRole('table')
  await table.waitFor()
  assert.match(await table.innerText(), /[+−]\d/)
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'understanding-post')
})

test('a copy warns of its first appearance', async () => {
  // The newest: what arrived later may have been written earlier than the first to arrive.
  await page.goto(`${program.origin}/explorer`)
  const copies = main.getByRole('article').filter({ has: page.getByRole('link', { name: 'Se repite', exact: true }) })
  for (let leaf = 0; (await copies.count()) === 0; leaf += 1) {
    assert.ok(leaf < 40, 'no copy in the demo')
    await main.getByRole('link', { name: 'Página siguiente' }).click()
  }
  await copies.first().locator('.post-time').click()
  const warning = page.locator('#seen')
  await warning.getByText('Visto antes').waitFor()
  assert.match(await warning.innerText(), /copias? en el archivo[^]*Apareció primero en la cuenta/)
  assert.match(await warning.getByRole('link', { name: 'Ver cómo se difundió y cambió' }).getAttribute('href'), /^\/cascades\/\d+$/)
  await support.assertAccessible(page)
})

test('the proposals are answered with one click each and the list of corrections undoes them', async () => {
  await page.goto(program.origin)
  await page.getByRole('navigation').getByRole('link', { name: 'Enseñar' }).click()
  const questions = main.locator('.question-list > li')
  assert.equal(await questions.count(), 20)
  assert.equal(await questions.filter({ hasText: 'Elegida al azar' }).count(), 2)
  for (let answered = 0; answered < 3; answered += 1) {
    const id = await questions.first().getAttribute('id')
    await questions.first().locator('.answer-buttons button').first().click()
    await main.getByText('Anotamos la corrección').waitFor()
    assert.equal(await page.locator(`#${id}`).count(), 0, 'an answered mention is not asked again')
  }
  await support.assertAccessible(page)
  await support.assertNoSidewaysScroll(page)
  await support.screenshot(page, 'learning')
  const undone = main.locator('.correction-list s')
  const before = await undone.count()
  await main.locator('.correction-list').getByRole('button', { name: /Deshacer/ }).first().click()
  await main.getByText('Deshicimos la corrección').waitFor()
  assert.equal(await undone.count(), before + 1)
})

test('both languages say it all', async () => {
  await desk.chooseLanguage(page, 'English')
  for (const path of ['/learning', '/explorer?intent=complaint', '/?of=all&period=all']) {
    await page.goto(program.origin + path)
    await desk.assertWhole(page, 'en')
  }
  await openFirst(page, 'acme tone:negative lang:es')
  await desk.assertWhole(page, 'en')
  await answer(page, 'tone').getByText('Not so?').click()
  await answer(page, 'tone').getByRole('button', { name: 'Neutral' }).click()
  await main.getByText('The correction is noted').waitFor()
  await desk.chooseLanguage(page, 'Español')
  opened.assertClean()
})

test('without script everything works as well', async () => {
  const plain = await support.openPage(browser, program.origin, { javaScript: false })
  await desk.signIn(plain.page, program.origin)
  await openFirst(plain.page, 'intent:question')
  await answer(plain.page, 'offence').getByText('¿No es así?').click()
  await answer(plain.page, 'offence').getByRole('button', { name: 'Palabrotas sin destinatario' }).click()
  await answer(plain.page, 'offence').getByText(/Decidido por/).waitFor()
  await answer(plain.page, 'offence').getByRole('button', { name: /Deshacer/ }).click()
  await plain.page.getByText('Deshicimos la corrección').waitFor()
  await plain.page.goto(`${program.origin}/learning`)
  await plain.page.locator('.question-list > li').first().locator('.answer-buttons button').last().click()
  await plain.page.getByText('Anotamos la corrección').waitFor()
  await plain.close()
})
