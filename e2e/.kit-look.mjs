import { chromium } from "playwright-core"; import { readFileSync } from "node:fs";
const axe = readFileSync("/work/main/e2e/node_modules/axe-core/axe.min.js","utf8");
const b = await chromium.launch({ executablePath:"/usr/bin/chromium", args:["--no-sandbox"] });
for (const [name,w,h,theme,lang] of [["light",1280,900,"light","es"],["dark",1280,900,"dark","es"],["narrow",320,700,"light","es"],["en640",640,900,"dark","en"]]) {
  const c = await b.newContext({ viewport:{width:w,height:h}, colorScheme: theme, locale: lang, bypassCSP:false });
  const p = await c.newPage(); const errs=[];
  p.on("console",m=>{ if(m.type()==="error"||m.type()==="warning") errs.push(m.text()); }); p.on("pageerror",e=>errs.push("PAGEERR "+e));
  await p.goto("http://127.0.0.1:18999/ui/kit",{waitUntil:"load"});
  const sw = await p.evaluate(()=>[document.documentElement.scrollWidth, innerWidth, [...document.querySelectorAll("body *")].filter(e=>e.getBoundingClientRect().right>innerWidth+1 && !e.closest(".table-scroll") && !e.closest(".visually-hidden") && !e.closest("[popover]")).slice(0,8).map(e=>e.tagName+"."+(e.className.baseVal??e.className))]);
  console.log(name, JSON.stringify(sw), errs.slice(0,5), await p.evaluate(()=>({lang:document.documentElement.lang,htmx:typeof htmx})));
  await p.screenshot({path:`/tmp/shots/${name}.png`, fullPage:true});
  const c2 = await b.newContext({ viewport:{width:w,height:h}, colorScheme: theme, locale: lang, bypassCSP:true });
  const p2 = await c2.newPage(); await p2.goto("http://127.0.0.1:18999/ui/kit"); await p2.addScriptTag({content:axe});
  const r = await p2.evaluate(async()=> (await axe.run(document,{runOnly:["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]})).violations.map(v=>[v.id,v.impact,v.nodes.length,v.nodes.slice(0,3).map(n=>n.html.slice(0,140)+" :: "+(n.any[0]?.message||""))]));
  console.log(name,"axe",JSON.stringify(r,null,1));
  if(name==="light"){ await p.click("details.menu summary"); await p.screenshot({path:"/tmp/shots/menu.png"}); await p.keyboard.press("Escape"); await p.click("[data-confirm] button"); await p.screenshot({path:"/tmp/shots/dialog.png"}); await p.goto("http://127.0.0.1:18999/nope"); await p.screenshot({path:"/tmp/shots/error.png"}); }
  if(name==="narrow"){ await p.evaluate(()=>scrollTo(0,0)); await p.click(".rooms-open"); await p.screenshot({path:"/tmp/shots/narrow-menu.png"}); }
}
await b.close();
