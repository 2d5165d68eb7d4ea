// contact sheet of narrow pictures
import { launchBrowser } from './support.mjs'
import fs from 'node:fs'
const [,, out, ...names] = process.argv
const b = await launchBrowser(); const p = await b.newPage({viewport:{width:1500,height:900}})
const imgs = names.map(n => `<figure><figcaption>${n}</figcaption><img src="data:image/png;base64,${fs.readFileSync('shots/'+n+'.png').toString('base64')}"></figure>`).join('')
await p.setContent(`<style>body{display:flex;gap:10px;align-items:flex-start;margin:0}figure{margin:0;flex:1}img{width:100%;max-height:1500px;object-fit:cover;object-position:top}</style>${imgs}`)
await p.screenshot({path:out, fullPage:true}); await b.close()
