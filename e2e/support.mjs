// What every browser journey needs: the program under test, a browser that listens for trouble, and the
// checks that each page must pass.
//
// In:     ATALAYA_BIN (default ../target/debug/atalaya), CHROMIUM_BIN (default /usr/bin/chromium).
// Out:    pictures in e2e/shots/, which git ignores.
// Errors: every check throws an AssertionError that names the page, the rule and the elements.
// Limits: Chromium only; axe finds a part of all accessibility faults, not all.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { chromium } from 'playwright-core'

const here = path.dirname(fileURLToPath(import.meta.url))

/** Longest wait for the program's first line with its address, in milliseconds. */
export const READY_MS_MAX = 30_000
/** Longest wait for the program to end after SIGTERM, in milliseconds. */
export const STOP_MS_MAX = 10_000
/** Longest wait for one action in the browser, in milliseconds. */
export const ACTION_MS_MAX = 10_000
/** Most presses of Tab before an element counts as out of reach of the keyboard. */
export const TABS_MAX = 200
/** Lines of the program's log that a failure quotes. */
const LOG_LINES_MAX = 40
/** Elements that a failure names; the rest is counted. */
const NAMED_MAX = 10

/** The narrowest screen that must not scroll sideways, in CSS pixels (WCAG 2.2, 1.4.10). */
export const NARROW_PX = 320
export const ACCESSIBILITY_TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
export const THEMES = ['light', 'dark']

// --- The program ---------------------------------------------------------------------------------

/** A port of the loopback address that is free now. */
export async function findFreePort() {
  const server = net.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Starts the program on an empty temporary data folder and waits for the line with its address.
 *
 * @param {{command?: string, args?: string[], env?: object, dataFolder?: string}} [options]
 *   `command` is `serve` unless told; a given `dataFolder` is kept by `stop`.
 * @returns {Promise<{url: string, origin: string, dataFolder: string, log: () => string, stop: () => Promise<void>}>}
 *   `url` is the printed address, whatever path it has; `origin` its scheme, host and port.
 */
export async function startAtalaya({ command = 'serve', args = [], env = {}, dataFolder } = {}) {
  const binary = process.env.ATALAYA_BIN ?? path.resolve(here, '../target/debug/atalaya')
  const folder = dataFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'atalaya-e2e-')))
  const port = await findFreePort()
  const child = spawn(binary, [command, '--data', folder, '--listen', `127.0.0.1:${port}`, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = []
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`))
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
  })
  const log = () => lines.slice(-LOG_LINES_MAX).join('\n')

  const stop = async () => {
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await ended
    clearTimeout(killer)
    if (dataFolder === undefined) await rm(folder, { recursive: true, force: true })
  }

  try {
    const url = await findAddress(child, lines, port, ended)
    return { url, origin: new URL(url).origin, dataFolder: folder, log, stop }
  } catch (error) {
    await stop()
    throw new Error(`${binary} ${command}: ${error.message}\n${log()}`)
  }
}

/** Reads both outputs into `lines` for good; resolves with the first address of our port in them. */
function findAddress(child, lines, port, ended) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address within ${READY_MS_MAX} ms`)), READY_MS_MAX)
    ended.then((how) => {
      clearTimeout(timer)
      reject(new Error(how))
    })
    for (const output of [child.stdout, child.stderr]) {
      let rest = ''
      output.setEncoding('utf8').on('data', (text) => {
        const parts = (rest + text).split('\n')
        rest = parts.pop()
        for (const line of parts) {
          lines.push(line)
          const found = line.match(new RegExp(`https?://[^\\s/"]+:${port}[^\\s"]*`))
          if (!found) continue
          clearTimeout(timer)
          resolve(found[0])
        }
      })
    }
  })
}

// --- The browser ---------------------------------------------------------------------------------

/** Pages opened without JavaScript: axe cannot run on them, it waits for promises that never settle. */
const withoutScript = new WeakSet()

/** Headless Chromium that resolves no name: only addresses of this machine can be reached. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })
}

/**
 * Opens a page that collects what must not happen: errors on the console (a violated content security
 * policy is one), uncaught exceptions, and requests to another origin.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} origin the only origin that may be asked
 * @param {{javaScript?: boolean, theme?: 'light'|'dark', locale?: string, viewport?: object, allowed?: RegExp[]}} [options]
 *   `allowed` names expected console errors, such as the browser's note on an answer 403.
 * @returns {Promise<{page: import('playwright-core').Page, problems: string[], assertClean: () => void, close: () => Promise<void>}>}
 *   `close` also asserts that nothing happened.
 */
export async function openPage(browser, origin, options = {}) {
  const { javaScript = true, theme = 'light', locale = 'es', viewport, allowed = [] } = options
  const context = await browser.newContext({
    javaScriptEnabled: javaScript,
    colorScheme: theme,
    locale,
    reducedMotion: 'reduce',
    viewport: viewport ?? { width: 1280, height: 800 },
  })
  context.setDefaultTimeout(ACTION_MS_MAX)
  const problems = []
  const home = new URL(origin).origin
  const isAbroad = (address) => {
    const { protocol, origin: asked, host } = new URL(address)
    if (protocol === 'data:' || protocol === 'blob:' || protocol === 'about:') return false
    return protocol.startsWith('ws') ? host !== new URL(home).host : asked !== home
  }
  const note = (text) => {
    if (!allowed.some((pattern) => pattern.test(text))) problems.push(text)
  }
  context.on('request', (request) => {
    if (isAbroad(request.url())) note(`request leaves the origin: ${request.method()} ${request.url()}`)
  })
  context.on('console', (message) => {
    if (message.type() === 'error') note(`console error on ${message.page()?.url()}: ${message.text()}`)
  })
  context.on('weberror', (error) => note(`uncaught exception: ${error.error().message}`))
  const page = await context.newPage()
  if (!javaScript) withoutScript.add(page)
  page.on('websocket', (socket) => {
    if (isAbroad(socket.url())) note(`WebSocket leaves the origin: ${socket.url()}`)
  })

  const assertClean = () => assert.deepEqual(problems, [], `the browser complained:\n${problems.join('\n')}`)
  const close = async () => {
    await context.close()
    assertClean()
  }
  return { page, problems, assertClean, close }
}

// --- Checks --------------------------------------------------------------------------------------

/**
 * Fails when axe finds a violation of WCAG 2.2 A or AA, in either theme; the page keeps its theme.
 * Only on a page opened with JavaScript.
 */
export async function assertAccessible(page, { themes = THEMES, tags = ACCESSIBILITY_TAGS, include } = {}) {
  assert.ok(!withoutScript.has(page), `axe needs JavaScript: open ${page.url()} with it for this check`)
  const faults = []
  const before = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'))
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme })
    // Colours half way through a transition are nobody's colours.
    await page.evaluate(() => {
      for (const animation of document.getAnimations()) {
        if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish()
      }
    })
    for (const violation of await findViolations(page, tags, include)) faults.push(describe(theme, violation))
  }
  await page.emulateMedia({ colorScheme: before })
  assert.equal(faults.length, 0, `${page.url()} is not accessible:\n\n${faults.join('\n\n')}`)
}

async function findViolations(page, tags, include) {
  // Through the debugging protocol, so the page's own content security policy stays as it is.
  await page.evaluate(`${axe.source}; undefined`)
  const result = await page.evaluate(
    ({ values, selector }) =>
      globalThis.axe.run(selector ?? document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
    { values: tags, selector: include },
  )
  assert.ok(result.passes.length > 0, `axe found nothing to check on ${page.url()}`)
  return result.violations
}

function describe(theme, { id, impact, help, helpUrl, nodes }) {
  const named = nodes
    .slice(0, NAMED_MAX)
    .map((node) => `  ${node.target.join(' ')}\n    ${node.html}\n    ${node.failureSummary.replaceAll('\n', '\n    ')}`)
  const more = nodes.length > NAMED_MAX ? `\n  and ${nodes.length - NAMED_MAX} more` : ''
  return `[${theme}] ${id} (${impact}): ${help}\n  ${helpUrl}\n${named.join('\n')}${more}`
}

/** Fails when the page scrolls sideways at the given width; the viewport is as before afterwards. */
export async function assertNoSidewaysScroll(page, width = NARROW_PX) {
  const before = page.viewportSize()
  await page.setViewportSize({ width, height: 640 })
  const { content, window, culprits } = await page.evaluate(() => {
    const scrolls = (element) => {
      for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
        if (getComputedStyle(one).overflowX !== 'visible') return true
      }
      return false
    }
    const root = document.documentElement
    const wide = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(element),
    )
    const name = (element) => {
      const classes = [...element.classList].map((one) => `.${one}`).join('')
      const right = Math.round(element.getBoundingClientRect().right)
      return `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}${classes} reaches ${right} px`
    }
    return { content: root.scrollWidth, window: root.clientWidth, culprits: wide.map(name) }
  })
  if (before) await page.setViewportSize(before)
  const named = culprits.slice(0, NAMED_MAX).join('\n  ')
  assert.ok(content <= window, `${page.url()} is ${content} px wide in a window of ${window} px:\n  ${named}`)
}

/** Saves a picture of the whole page as e2e/shots/NAME.png; returns its path. */
export async function screenshot(page, name) {
  const folder = path.join(here, 'shots')
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, `${name}.png`)
  // Hiding the caret would leave style attributes in the fields, which a later swap of htmx copies against the policy.
  await page.screenshot({ path: file, fullPage: true, caret: 'initial' })
  return file
}

// --- The keyboard --------------------------------------------------------------------------------

/** Moves the focus to the element with Tab alone; fails when it is out of reach or its focus cannot be seen. */
export async function tabTo(page, locator, { backwards = false } = {}) {
  const key = backwards ? 'Shift+Tab' : 'Tab'
  const isFocused = () => locator.evaluate((element) => element === document.activeElement)
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    if (await isFocused()) {
      await assertFocusVisible(locator)
      return
    }
    await page.keyboard.press(key)
  }
  assert.fail(`${locator} cannot be reached on ${page.url()} with ${TABS_MAX} presses of ${key}`)
}

/** Goes to the element by keyboard and presses a key on it: Enter, or Space for a box to tick. */
export async function pressOn(page, locator, key = 'Enter') {
  await tabTo(page, locator)
  await page.keyboard.press(key)
}

/** Goes to a field by keyboard and replaces what is in it. */
export async function typeInto(page, locator, text) {
  await tabTo(page, locator)
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(text)
}

async function assertFocusVisible(locator) {
  const isVisible = await locator.evaluate((element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
  })
  assert.ok(isVisible, `${locator} has the focus, but neither outline nor shadow shows it`)
}
