#include "reports/html_style.h"

namespace pushbench::reports {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ground:#fff;--panel:#f5f7fa;--ink:#1a2330;--soft:#4d5a6b;
--rule:#d5dce5;--grid:#e6ebf1;--good:#1a7340;--warn:#8a5200;--bad:#b01c32;
--s0:#1f5fae;--s1:#b4480a;--s2:#1a7a48;--s3:#7a3fb0;--s4:#b3264a;--s5:#111827;--s6:#7a5a12;
--s7:#5b6470;--head:#b4480a;--framing:#b08010;--payload:#3b78bd}
@media (prefers-color-scheme:dark){:root{--ground:#11161d;--panel:#1a212b;--ink:#e6ebf2;
--soft:#a9b5c4;--rule:#344050;--grid:#242e3a;--good:#6fd69b;--warn:#f0b45c;--bad:#ff8b99;
--s0:#74b3ff;--s1:#ffab66;--s2:#6fdc9f;--s3:#cda3ff;--s4:#ff8fa8;--s5:#f4f6fa;--s6:#e0c36a;
--s7:#b8c0cc;--head:#ff9d5c;--framing:#e6c765;--payload:#5d9fe8}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .25rem;overflow-wrap:anywhere}
h3{font-size:1.1rem;margin:2rem 0 .25rem}
p{margin:.35rem 0 .9rem;max-width:46rem;overflow-wrap:anywhere}
.soft{color:var(--soft)}
.answer{font-size:1.2rem;line-height:1.5;margin:1.25rem 0;max-width:50rem}
.verdict{border:1px solid var(--rule);border-left:.35rem solid var(--good);border-radius:.4rem;
background:var(--panel);padding:.7rem 1rem;margin:1rem 0}
.verdict p{margin:0}
.verdict strong{color:var(--good)}
.verdict.suspect{border-left-color:var(--warn)}.verdict.suspect strong{color:var(--warn)}
.verdict.invalid{border-left-color:var(--bad)}.verdict.invalid strong{color:var(--bad)}
.verdict dl{margin:.6rem 0 0}.verdict dt{font-weight:600}
.verdict dd{margin:0 0 .5rem;overflow-wrap:anywhere}.verdict ul{margin:.1rem 0;padding-left:1.2rem}
.verdict.note{border-left-color:var(--rule)}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));
gap:.4rem 1.6rem}
.panel{min-width:0}.panel h4{margin:.6rem 0 .2rem;font-size:.95rem;font-weight:600}
.panel .chart{grid-template-rows:auto 11rem 1.6rem auto}
.panel .chart .x span:nth-child(2){display:inline}
.chart .marks{grid-column:2;grid-row:1;position:relative;font-size:.74rem;color:var(--soft)}
.chart .marks span{position:absolute;bottom:.2rem;line-height:1.1;white-space:nowrap}
.plot .mark{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}
.scroll{overflow-x:auto;margin:.75rem 0}
.scroll:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:.9rem;padding-bottom:.35rem}
th,td{padding:.42rem .6rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
thead th{vertical-align:bottom;font-size:.86rem;font-weight:600;color:var(--soft);
border-bottom-width:2px}
th:first-child{text-align:left;padding-left:0;white-space:normal;min-width:9.5rem;font-weight:500}
thead th:first-child{font-weight:600}
td.left{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:9rem}
.eyebrow{margin:0;font-size:.9rem;letter-spacing:.04em}
.none{color:var(--soft)}.crossed{color:var(--bad);font-weight:600}
figure{margin:1rem 0}
figcaption{color:var(--soft);font-size:.9rem;margin-bottom:.5rem;max-width:46rem}
.chart{display:grid;grid-template-columns:3.9rem minmax(0,1fr);
grid-template-rows:auto 20rem 1.6rem auto;margin-right:1.5rem}
.chart .y-title{grid-column:1/3;grid-row:1;font-size:.82rem;color:var(--soft);margin-bottom:.45rem}
.chart .y,.chart .x{position:relative;font-size:.8rem;color:var(--soft);
font-variant-numeric:tabular-nums}
.chart .y span{position:absolute;right:.55rem;transform:translateY(50%);line-height:1;
white-space:nowrap}
.chart .plot{width:100%;height:100%;overflow:visible;grid-column:2;grid-row:2}
.chart .y{grid-column:1;grid-row:2}
.chart .x{grid-column:2;grid-row:3}
.chart .x span{position:absolute;top:.4rem;transform:translateX(-50%);line-height:1;
white-space:nowrap}
.chart .x-title{grid-column:2;grid-row:4;font-size:.82rem;color:var(--soft);text-align:center}
.plot path,.line{fill:none;vector-effect:non-scaling-stroke}
.major{stroke:var(--rule);stroke-width:1}.minor{stroke:var(--grid);stroke-width:1}
.line{stroke-width:2.2;stroke-linejoin:round}
.s0{stroke:var(--s0)}.s1{stroke:var(--s1);stroke-dasharray:9 3}
.s2{stroke:var(--s2);stroke-dasharray:5 2}.s3{stroke:var(--s3);stroke-dasharray:12 3 3 3}
.s4{stroke:var(--s4);stroke-dasharray:6 6}.s5{stroke:var(--s5)}
.s6{stroke:var(--s6);stroke-dasharray:2 5}.s7{stroke:var(--s7);stroke-dasharray:14 5}
.faint{opacity:.38}.dotted{stroke-dasharray:1.5 4.5;stroke-linecap:round}
.legend{list-style:none;margin:.8rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;
font-size:.9rem}
.legend li{display:flex;align-items:center;gap:.45rem;overflow-wrap:anywhere}
.legend svg{flex:none}
.bars{display:grid;grid-template-columns:minmax(8rem,15.5rem) minmax(0,1fr) auto;
gap:.5rem .8rem;align-items:center;font-size:.93rem}
.bar{width:100%;height:1.35rem;display:block}
.bar-total{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.head{fill:var(--head)}.framing{fill:var(--framing)}.payload{fill:var(--payload)}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:.4rem;padding:.7rem .9rem;
overflow-x:auto;font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
white-space:pre-wrap;overflow-wrap:anywhere}
summary{cursor:pointer;margin:.5rem 0}
.run+.run{margin-top:3.5rem;border-top:2px solid var(--rule);padding-top:1rem}
@media (max-width:40rem){main{padding:1.25rem 1rem 2rem}h1{font-size:1.6rem}
.answer{font-size:1.08rem}.chart{grid-template-columns:3.4rem minmax(0,1fr);
grid-template-rows:auto 15rem 1.6rem auto;margin-right:1rem}
.bars{grid-template-columns:minmax(0,1fr) auto;gap:.15rem .8rem}
.bar-name{grid-column:1/3;margin-top:.55rem}th,td{padding:.4rem .45rem}
table{font-size:.92rem}th:first-child{min-width:7rem}.chart .x span:nth-child(2){display:none}}
@media print{body{font-size:11pt}main{max-width:none;padding:0}
figure,table,.verdict{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}
svg,.verdict{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

}  // namespace

std::string_view html_style() noexcept {
  return kStyle;
}

}  // namespace pushbench::reports
