// The front desk as people use it: signing in, the first visit, importing a file, the two languages.
//
// In:     a page of support.mjs and the origin of a started program.
// Out:    the same page, one step further.
// Errors: every step fails when the page does not show what a person would look for.
// Limits: labels and buttons are looked up by their Spanish words, which are part of what is tested.

import assert from 'node:assert/strict'
import * as support from './support.mjs'

/** Who signs in to `atalaya demo`. */
export const DEMO = { email: 'demo@example.org', password: 'atalaya-demo-2026' }
/** Posts of the generated past that the journeys ask for: several pages of results, and a quick start. */
export const DEMO_POSTS = 2_000
/** Longest wait for something that the program promises within seconds, in milliseconds. */
export const SOON_MS_MAX = 15_000

/** What a first visit fills in, by label; the words are found in the files that the journeys import. */
export const FIRST_VISIT = {
  'Tu nombre': 'Ana Pérez',
  'Correo': 'ana@example.org',
  'Contraseña': 'una-clave-larga-2026',
  'Nombre del espacio': 'Café Bayano',
  'Nombres de la marca': 'Café Bayano, Bayano',
  'Competencia': 'Ríos Café, @rioscafe',
}

/**
 * Starts the demo and signs in with a browser.
 *
 * @returns {Promise<{program, browser, opened, page, main, stop: () => Promise<void>}>}
 */
export async function openDemo() {
  const program = await support.startAtalaya({ command: 'demo', args: ['--posts', String(DEMO_POSTS)] })
  const browser = await support.launchBrowser()
  const opened = await support.openPage(browser, program.origin)
  const { page } = opened
  await signIn(page, program.origin)
  const stop = async () => {
    await browser.close()
    await program.stop()
  }
  return { program, browser, opened, page, main: page.getByRole('main'), stop }
}

/** Fills in the form of the first visit, without sending it. */
export async function fillFirstVisit(page, { password, workspace } = {}) {
  const values = { ...FIRST_VISIT }
  if (password) values['Contraseña'] = password
  if (workspace) values['Nombre del espacio'] = workspace
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value)
  // A test never goes out to the networks.
  await page.getByLabel('Empezar a escuchar ya las redes abiertas').uncheck()
}

/** Does the whole first visit and waits for the overview. */
export async function setUp(page, origin, values) {
  await page.goto(`${origin}/welcome`)
  await fillFirstVisit(page, values)
  await page.getByRole('button', { name: 'Crear y entrar' }).click()
  await page.getByRole('heading', { level: 1, name: 'Panorama' }).waitFor()
}

/**
 * Imports a text as a file through the page and waits until it is done.
 *
 * @returns {Promise<{received: number, new: number, changed: number, same: number, rejected: number}>} what the
 *   page counts of it
 */
export async function importFile(page, name, text) {
  await page.getByLabel('Archivos').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Importar' }).click()
  const run = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) })
  await run.getByText('Terminada', { exact: true }).waitFor({ timeout: SOON_MS_MAX })
  const figures = await run.locator('dl > div').evaluateAll((rows) =>
    rows.map((row) => Number(row.querySelector('dd').innerText.replaceAll(/\D/g, ''))),
  )
  return Object.fromEntries(['received', 'new', 'changed', 'same', 'rejected'].map((key, at) => [key, figures[at]]))
}

/** Signs in through the form and waits for the overview. */
export async function signIn(page, origin, { email, password } = DEMO) {
  await page.goto(`${origin}/login`)
  await page.getByLabel('Correo').fill(email)
  await page.getByLabel('Contraseña').fill(password)
  await page.getByRole('main').getByRole('button').click()
  await page.getByRole('heading', { level: 1, name: 'Panorama' }).waitFor()
}

/** Opens the menu of the person at the top right. */
export async function openMenu(page) {
  await page.locator('summary').filter({ hasText: /menú|menu|apariencia|appearance/i }).click()
}

/** Changes the language of the reader with the switch of the menu; the page stays where it is. */
export async function chooseLanguage(page, name) {
  await openMenu(page)
  await page.getByRole('button', { name, exact: true }).click()
  await page.waitForFunction((tag) => document.documentElement.lang === tag, name === 'English' ? 'en' : 'es')
}

/** A CSV file of rows with the same keys. */
export function csvOf(rows) {
  const cell = (value) => `"${String(value).replaceAll('"', '""')}"`
  const names = Object.keys(rows[0])
  return [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join('\n') + '\n'
}

/** The records of a CSV text; understands quotes, doubled quotes and line ends inside them. */
export function parseCsv(text) {
  const records = []
  let record = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]
    if (isQuoted) {
      if (sign === '"' && text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else if (sign === '"') isQuoted = false
      else cell += sign
    } else if (sign === '"') isQuoted = true
    else if (sign === ',' || sign === '\n') {
      record.push(cell)
      cell = ''
      if (sign === '\n') records.push(record.splice(0))
    } else if (sign !== '\r') cell += sign
  }
  if (cell !== '' || record.length > 0) records.push([...record, cell])
  return records
}

/**
 * Asserts that a page is whole: one heading of the first level, a title, the language of the reader, and no
 * text that has lost its translation.
 */
export async function assertWhole(page, tag = 'es') {
  const found = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    text: document.documentElement.outerHTML.match(/.{0,40}[⟦⟧].{0,40}/)?.[0],
  }))
  assert.equal(found.lang, tag, `${page.url()} is in ${found.lang}`)
  assert.equal(found.text, undefined, `${page.url()} lacks a text: ${found.text}`)
  assert.equal(found.headings, 1, `${page.url()} has ${found.headings} headings of the first level`)
  assert.match(found.title, /\S+ · Atalaya$/, `${page.url()} has no title of its own`)
}

/**
 * How much the shown page has moved by itself since it was opened: the sum of its layout shifts, without those
 * right after somebody pressed something.
 */
export function layoutShift(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value
        })
        observer.observe({ type: 'layout-shift', buffered: true })
        // Two frames later everything that was going to move with the load has moved and been told.
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(sum))))
      }),
  )
}
