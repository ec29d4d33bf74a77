/** The look of a report: system fonts, light and dark, from a phone's width to a desk's. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--page:#f6f5f1;--card:#fff;--ink:#1d2327;--soft:#5d676e;--rule:#e2e0d9;--model:#0b6e99;--pixels:#c0722a;--other:#98a2a8;--good:#1d7a46;--bad:#b3261e;--unclear:#8a6d00}
@media (prefers-color-scheme:dark){:root{--page:#14181b;--card:#1d2327;--ink:#e8eaeb;--soft:#9ca7ad;--rule:#333c42;--model:#5bb8e0;--pixels:#e39a57;--other:#66727a;--good:#5fc88d;--bad:#ff8a80;--unclear:#e0c04c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main{max-width:1080px;margin:0 auto;padding:28px 16px 60px}
header{margin-bottom:24px}
h1{font-size:clamp(22px,4.5vw,34px);line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
header p,.note,figcaption{color:var(--soft)}
header p{margin:0}
section{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:20px clamp(14px,3vw,28px);margin:0 0 18px}
h2{font-size:21px;line-height:1.3;margin:0 0 8px}
h3{font-size:15px;margin:0 0 4px;text-transform:capitalize}
section>p{max-width:75ch;margin:0 0 14px}
.note,figcaption{font-size:14px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
pre{overflow-x:auto}
.verdicts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,270px),1fr));gap:14px;padding:0;border:0;background:none}
.verdict{background:var(--card);border:1px solid var(--rule);border-top:4px solid var(--tone);border-radius:14px;padding:16px 18px}
.verdict h2{font-size:19px;color:var(--tone)}
.verdict p{margin:0;font-size:15px}
.good{--tone:var(--good)}.bad{--tone:var(--bad)}.unclear{--tone:var(--unclear)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,280px),1fr));gap:20px 24px}
figure{margin:0}
figcaption{margin-top:2px}
.chart{display:block;width:100%;height:auto;overflow:visible}
.chart text{font-size:11.5px;fill:var(--soft)}
.grid{stroke:var(--rule)}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round}
.line.model{stroke:var(--model)}.line.pixels{stroke:var(--pixels)}
.dot.model{fill:var(--model)}.dot.pixels{fill:var(--pixels)}
.level{stroke-dasharray:5 4}
.level.model{stroke:var(--model)}.level.pixels{stroke:var(--pixels)}
.mark{stroke:var(--bad);stroke-width:1.6;stroke-dasharray:2 3}
.interventions{margin:0 0 16px}
.legend{font-size:14px;display:flex;flex-wrap:wrap;gap:4px 18px}
.legend span::before{content:"";display:inline-block;width:22px;margin-right:7px;vertical-align:middle;border-top:3px solid var(--tone)}
.legend .model{--tone:var(--model)}.legend .pixels{--tone:var(--pixels)}.legend .level::before{border-top:2px dashed var(--soft)}
table{border-collapse:collapse;width:100%;margin:6px 0 12px}
th,td{text-align:left;font-weight:400;padding:6px 10px 6px 0;vertical-align:middle}
.model>th,.model>.figure{font-weight:650}
.scores th{width:34%}
.bar{width:40%}
.bar svg{display:block;width:100%;height:16px;border-radius:4px}
.track{fill:var(--rule)}
.fill.model{fill:var(--model)}.fill.pixels{fill:var(--pixels)}.fill.untrained{fill:var(--other)}
.whisker{fill:var(--ink);opacity:.75}
.figure{white-space:nowrap;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}
.judged{min-width:700px}
.judged th{min-width:90px;overflow-wrap:normal}
.judged tbody th{min-width:170px}
.judged .bar{width:22%}
.judged thead th{color:var(--soft);font-size:14px;line-height:1.3;vertical-align:bottom}
.switches{margin-top:20px;font-size:15px}
.switches thead th{color:var(--soft);font-size:14px}
.switches tr+tr,.switches tbody{border-top:1px solid var(--rule)}
.definitions{position:absolute}
.picture{display:block;width:100%;height:auto;border-radius:5px;background:#fff}
.neighbourhoods{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:18px 32px}
.neighbourhood{display:grid;grid-template-columns:84px 1fr;grid-template-rows:1fr 1fr;gap:5px 14px;align-items:center}
.query{grid-row:1/3}
.query .picture{outline:2px solid var(--model);outline-offset:2px}
.row{display:grid;grid-template-columns:44px repeat(6,1fr);gap:5px;align-items:center}
.row span{font-size:12.5px;color:var(--model)}.row.pixels span{color:var(--pixels)}
.map{display:block;width:100%;max-width:940px;height:auto;margin:0 auto 10px;background:#fff;border:1px solid var(--rule);border-radius:10px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:5px 20px;margin:0 0 14px}
dt{color:var(--soft)}dd{margin:0}
ul{margin:0;padding-left:18px}
summary{cursor:pointer}
@media (max-width:620px){.scores tr{display:grid;grid-template-columns:1fr auto;padding:7px 0}.scores th,.scores td{padding:0;width:auto}.scores .bar{grid-column:1/3;grid-row:2}.scores .note{grid-column:1/3}.neighbourhood{grid-template-columns:56px 1fr;gap:4px 10px}.row{grid-template-columns:36px repeat(6,1fr);gap:3px}.row span{font-size:11px}dl{grid-template-columns:1fr}dd{margin-bottom:8px}}
@media print{section,.verdict{break-inside:avoid}}
`;
