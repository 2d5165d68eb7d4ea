import * as desk from './desk.mjs'
import * as support from './support.mjs'
const p = await support.startAtalaya({ command: 'demo', args: ['--posts', '2000'] })
const b = await support.launchBrowser()
const o = await support.openPage(b, p.origin)
await desk.signIn(o.page, p.origin)
await o.page.goto(p.origin + '/explorer')
await o.page.getByRole('main').getByRole('link', { name: /nueva.*mostrar/ }).waitFor({timeout: 20000})
console.log(JSON.stringify(await o.page.evaluate(() => new Promise(r => { const out=[]; new PerformanceObserver(l => { for (const e of l.getEntries()) out.push([e.value, e.startTime, e.hadRecentInput, e.sources.map(s => [s.node?.nodeName + '.' + s.node?.className, s.previousRect.y, s.currentRect.y, s.previousRect.x, s.currentRect.x])]) }).observe({type:'layout-shift', buffered:true}); setTimeout(() => r(out), 500)})), null, 1))
await b.close(); await p.stop()
