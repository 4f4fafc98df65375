import { saliencyGradient } from '@nonlocal-med/core';

/** Colors of the light and the dark scheme, text and layout. Series colors are those of Okabe and Ito (2008). */
const baseStyle = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1d1f; --soft: #5b6168; --line: #d9dcdf; --shade: #f4f5f6; --link: #005a8c; --focus: #0072b2;
  --right: 0 114 178; --wrong: 213 94 0;
  --series-0: #0072b2; --series-1: #d55e00; --series-2: #009e73; --series-3: #a8588a; --series-4: #b87f00; --series-5: #3a94c4; --series-6: #555b61;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Noto Serif", "Liberation Serif", Georgia, serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --ink: #e4e6e8; --soft: #a3aab1; --line: #373c42; --shade: #1e2125; --link: #7cc4f0; --focus: #56b4e9;
    --right: 86 180 233; --wrong: 230 159 0;
    --series-0: #56b4e9; --series-1: #e69f00; --series-2: #1fbf92; --series-3: #cc79a7; --series-4: #f0e442; --series-5: #e8793a; --series-6: #b4bac0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 4.5rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 var(--serif); }
header, main > section { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.1rem; }
main { padding-bottom: 4rem; }
.kind { margin: 0; color: var(--soft); font: 0.875rem/1.4 var(--sans); overflow-wrap: anywhere; }
h1 { margin: 0.1rem 0 0.5rem; max-width: 46rem; font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.25rem); line-height: 1.2; font-weight: 600; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 3.25rem 0 0.75rem; padding-top: 0.9rem; border-top: 1px solid var(--line); font-size: 1.4rem; line-height: 1.3; font-weight: 600; }
h3 { margin: 2rem 0 0.5rem; font: 600 1rem/1.4 var(--sans); overflow-wrap: anywhere; }
#summary > h2 { margin: 0.75rem 0 0.4rem; padding-top: 0; border-top: 0; }
p, ul, ol, dl { max-width: 48rem; margin: 0 0 1rem; }
.lead p { margin-bottom: 0.5rem; font-size: 1.125rem; line-height: 1.5; overflow-wrap: anywhere; }
.caution { margin-bottom: 0.6rem; border-left: 4px solid #c77700; padding-left: 0.7rem; font: 0.9375rem/1.45 var(--sans); overflow-wrap: anywhere; }
.note { color: var(--soft); font: 0.875rem/1.5 var(--sans); overflow-wrap: anywhere; }
ul.note, ol.notes { padding-left: 1.2rem; }
ol.notes { color: var(--soft); font: 0.875rem/1.5 var(--sans); }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; padding: 0.5rem 1rem; background: var(--paper); font-family: var(--sans); }
.skip:focus { left: 0.5rem; top: 0.5rem; z-index: 3; }
[hidden], .none, .off, .crowded [class$="-detail"] { display: none !important; }
@media screen { .other { display: none !important; } }
.print { display: none; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; max-width: none; margin: 0; padding: 0; list-style: none; font: 0.875rem/1.5 var(--sans); }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1.5rem; max-width: 54rem; margin-top: 1.5rem; font: 0.9375rem/1.5 var(--sans); }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 34rem) { dl.facts { display: block; } dd { margin-bottom: 0.6rem; } }
pre { max-width: 100%; overflow-x: auto; margin: 0 0 1rem; padding: 0.9rem 1rem; background: var(--shade); border-radius: 4px; font: 0.8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.controls { font: 0.875rem/1.5 var(--sans); }
.choices { display: none; }
.scripted .choices { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; margin-top: 0.7rem; padding: 0.4rem max(1.25rem, calc((100vw - 74rem) / 2 + 1.25rem)); background: var(--paper); border-block: 1px solid var(--line); }
.choices fieldset { display: flex; flex-wrap: wrap; align-items: center; gap: 0.2rem 1rem; min-width: 0; margin: 0; padding: 0; border: 0; }
.choices legend { float: left; margin-right: 0.2rem; padding: 0; color: var(--soft); }
label { display: inline-flex; align-items: center; gap: 0.4em; min-width: 0; overflow-wrap: anywhere; }
input, select, button { font: inherit; color: inherit; accent-color: var(--focus); }
select, input[type=number], button { max-width: 100%; min-height: 2rem; padding: 0.15rem 0.5rem; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; }
button { cursor: pointer; }
button.link { min-height: 0; padding: 0; border: 0; background: none; color: var(--link); text-align: left; text-decoration: underline; text-underline-offset: 0.15em; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  html { scroll-padding-top: 0; }
  body { font-size: 1rem; }
  .scripted .choices { position: static; margin-top: 0.6rem; }
  nav ul { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; padding-bottom: 0.3rem; }
  .lead p { font-size: 1.1rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;

/** The first screen: the answer in sentences and numbers next to a figure, and the most confident errors. */
const answerStyle = `
.answer { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 0 2.5rem; align-items: start; }
.answer .overview { padding-top: 0.2rem; }
.key-numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13rem), 1fr)); gap: 0.6rem; max-width: none; margin: 0.9rem 0; font-family: var(--sans); }
.key-numbers > div { padding: 0.55rem 0.75rem; background: var(--shade); border-radius: 6px; }
.key-numbers dt { font-size: 0.8125rem; line-height: 1.3; overflow-wrap: anywhere; }
.key-numbers dd { display: block; line-height: 1.35; font-variant-numeric: tabular-nums lining-nums; }
.key-numbers strong { margin-right: 0.4rem; font-size: 1.5rem; font-weight: 650; }
.key-numbers span { font-size: 0.875rem; white-space: nowrap; }
.key-numbers small { display: block; font-size: 0.75rem; line-height: 1.3; }
details.cautions > .caution { margin-top: 0.5rem; }
.tracks { width: 100%; }
.tracks th, .tracks td { padding: 0.3rem 0.9rem 0.3rem 0; }
.tracks tbody th { min-width: 5.5rem; max-width: 11rem; }
.tracks tbody th small { display: block; }
.tracks td { width: 30%; min-width: 7.5rem; max-width: none; }
.tracks tfoot td { border: 0; }
.track, .track-axis { position: relative; display: block; height: 0.95rem; margin: 0 6px; }
.track-axis { height: 1.1rem; }
.track::before { content: ""; position: absolute; inset: 50% 0 auto; border-top: 1px solid var(--line); }
.track i { position: absolute; left: var(--at); }
.track .reference { top: 0; bottom: 0; border-left: 1.5px dashed var(--soft); }
.track .range { left: var(--from); right: var(--to); top: calc(50% - 1.5px); height: 3px; background: var(--series); border-radius: 2px; }
.track .dot { top: calc(50% - 5px); width: 10px; height: 10px; margin-left: -5px; background: var(--series); border-radius: 50%; }
.track-numbers { font-size: 0.8125rem; line-height: 1.15; }
.track-numbers small { margin-left: 0.2rem; font-size: 0.75rem; white-space: nowrap; }
.track-axis i { position: absolute; left: 50%; top: 0; transform: translateX(-50%); font-style: normal; font-size: 0.75rem; color: var(--soft); white-space: nowrap; }
.track-axis i:first-child { left: 0; transform: none; }
.track-axis i:last-child { left: 100%; transform: translateX(-100%); }
.errors h3 { margin: 1.1rem 0 0.5rem; }
.error-list { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(8.2rem, 40vw), 1fr)); gap: 0.9rem; max-width: none; margin: 0 0 1rem; padding: 0; list-style: none; font: 0.8125rem/1.35 var(--sans); }
.error-list button { display: block; width: 100%; padding: 0; border: 0; border-radius: 3px; background: none; }
.error-list .stack img { aspect-ratio: 1; object-fit: contain; }
.errors .note { margin-bottom: 0.5rem; }
@media (max-width: 62rem) { .answer { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 40rem) { .key-numbers { grid-template-columns: 1fr 1fr; gap: 0.4rem; } .key-numbers strong { display: block; font-size: 1.3rem; }
  .tracks, .tracks thead, .tracks tbody, .tracks tfoot { display: block; }
  .tracks tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); column-gap: 0.7rem; border-bottom: 1px solid var(--line); }
  .tracks th, .tracks td { border: 0; padding: 0.25rem 0; }
  .tracks td { width: auto; min-width: 0; }
  .tracks tr > :first-child { grid-column: 1 / -1; max-width: none; padding-bottom: 0; }
  .tracks thead tr > :first-child, .tracks tfoot tr > :first-child { display: none; }
  .tracks tbody th small { display: inline; margin-left: 0.5rem; }
}
`;

/** Tables, figures, legends. */
const dataStyle = `
.scroll { overflow-x: auto; margin: 0 0 1rem; }
.scroll.wide::before { content: "Scroll sideways for more \\2192"; position: sticky; left: 0; display: block; width: fit-content; color: var(--link); font: 0.8125rem/1.6 var(--sans); }
.more-right { mask-image: linear-gradient(to left, transparent, #000 2.5rem); }
.more-left { mask-image: linear-gradient(to right, transparent, #000 2.5rem); }
.more-left.more-right { mask-image: linear-gradient(to right, transparent, #000 2.5rem, #000 calc(100% - 2.5rem), transparent); }
table { border-collapse: collapse; font: 0.875rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
caption { padding: 0.25rem 0; text-align: left; font-weight: 600; }
caption span { position: sticky; left: 0; display: inline-block; max-width: calc(100vw - 2.5rem); overflow-wrap: anywhere; }
th, td { padding: 0.35rem 0.9rem 0.35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 500; }
thead th { color: var(--soft); vertical-align: bottom; border-bottom-color: var(--soft); }
tbody tr:last-child > * { border-bottom-color: var(--soft); }
tbody th { min-width: 6rem; max-width: 22rem; overflow-wrap: anywhere; }
td { max-width: 34rem; overflow-wrap: anywhere; }
th.short { white-space: nowrap; }
td.text { min-width: 7rem; }
.number + td.text { min-width: 12rem; }
.number { padding: 0.35rem 0 0.35rem 1.1rem; text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
.number + .text { padding-left: 1.1rem; }
small { color: var(--soft); font-size: 0.8125rem; }
.results { width: 100%; min-width: 40rem; }
@media screen { .results tbody tr:not(.group) th { position: sticky; left: 0; background: var(--paper); } }
.results td { line-height: 1.35; }
.results .group th { padding-top: 1rem; color: var(--soft); font-weight: 600; }
.paper { font-style: italic; }
@media screen and (max-width: 40rem) {
  .results { display: block; min-width: 0; }
  .results caption, .results tbody, .results tr, .results tbody th, .results td { display: block; }
  .results thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .results tbody th, .results tbody tr:not(.group) th { position: static; max-width: none; padding: 0.9rem 0 0.2rem; border: 0; color: var(--ink); font-weight: 600; }
  .results tr { border-bottom: 1px solid var(--line); }
  .results td { max-width: none; padding: 0.25rem 0; border: 0; white-space: normal; overflow: hidden; }
  .results td::before { content: attr(data-title); float: left; max-width: 50%; padding-right: 1rem; color: var(--soft); text-align: left; }
  .results td:empty { display: none; }
}
sup { color: var(--soft); line-height: 0; font-size: 0.75em; }
details { margin: 0 0 1rem; font-family: var(--sans); font-size: 0.875rem; }
summary { width: fit-content; color: var(--link); cursor: pointer; }
details[open] > summary { margin-bottom: 0.5rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.5rem 1.75rem; align-items: start; }
.grid.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
figure { min-width: 0; margin: 0; }
figure.single { grid-column: 1 / -1; max-width: 32rem; }
figure > svg { display: block; width: 100%; max-width: 32rem; height: auto; overflow: visible; font-family: var(--sans); font-size: 12px; font-variant-numeric: tabular-nums; }
.images tbody th { min-width: 8rem; }
.images td { min-width: 5rem; }
.images td.number { min-width: 0; }
.images th, .images td { padding-right: 0.7rem; }
.images td .short { white-space: nowrap; }
.images small { white-space: nowrap; }
@media screen and (max-width: 40rem) { .images tbody th { min-width: 4.5rem; } .images td { min-width: 3.2rem; } .images th, .images td { padding-right: 0.5rem; } .images small, .images td .short { white-space: normal; } }
figcaption { margin-bottom: 0.25rem; color: var(--soft); font: 0.875rem/1.4 var(--sans); overflow-wrap: anywhere; }
figcaption strong { color: var(--ink); font-weight: 600; }
.sheet { margin-bottom: 1.5rem; }
.sheet img { display: block; width: 100%; min-width: 40rem; max-width: 86rem; height: auto; border-radius: 3px; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.5rem; max-width: none; margin: 0 0 1rem; padding: 0; list-style: none; font: 0.875rem/1.5 var(--sans); }
.swatch { flex: none; vertical-align: middle; }
.interval { vertical-align: middle; }
.confusion th { max-width: 9rem; }
.confusion td { min-width: 4.25rem; padding: 0.4rem 0.5rem; text-align: right; border: 1px solid var(--paper); }
.confusion thead th { padding: 0.35rem 0.5rem; text-align: right; }
.confusion td small { display: block; color: inherit; }
.confusion .right { background: rgb(var(--right) / calc(0.06 + 0.5 * var(--share))); }
.confusion .wrong { background: rgb(var(--wrong) / calc(0.04 + 0.5 * var(--share))); }
@media (max-width: 40rem) { .confusion td { min-width: 3.1rem; padding: 0.35rem; } .confusion th, .confusion thead th { padding: 0.35rem; min-width: 3.5rem; } }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); gap: 0 2.5rem; align-items: start; }
`;

/** The movable threshold, and lists of the images of a cell. */
const decisionStyle = `
.explorer { padding: 0.2rem 1.1rem 1rem; margin: 1.25rem 0; background: var(--shade); border-radius: 6px; }
.explorer h3 { margin-top: 0.9rem; }
.explorer-controls, .scripted .explorer-controls .slider { display: none; }
.scripted .explorer-controls { display: grid; gap: 0.6rem; justify-items: start; }
.scripted .explorer-controls .slider { display: block; }
.explorer-controls .slider, .explorer-controls .slider input, .explorer-controls select { width: 100%; }
.explorer-controls label { display: block; }
.explorer-controls output { font-weight: 650; font-variant-numeric: tabular-nums; }
.explorer-grid { display: grid; grid-template-columns: minmax(16rem, 1.2fr) auto minmax(14rem, 1fr); gap: 1rem 2rem; align-items: start; }
.rates { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 0.4rem 1rem; margin: 0; font: 0.875rem/1.35 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
.rates strong { display: block; font-size: 1.15rem; }
.explorer .confusion td { border-color: var(--shade); }
button.cell { display: block; width: 100%; min-height: 2rem; padding: 0.1rem 0.3rem; border: 0; background: none; text-align: right; text-decoration: underline dotted; text-underline-offset: 0.2em; }
span > button.cell { width: auto; margin-left: auto; min-width: 2rem; }
button.cell:hover { text-decoration-style: solid; }
#list-images { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9rem, 40vw), 1fr)); gap: 1rem; max-width: none; padding: 0; list-style: none; font: 0.8125rem/1.35 var(--sans); }
#list-images li { min-width: 0; overflow-wrap: anywhere; }
#list-images .id { overflow: visible; white-space: normal; }
#list-images button { display: block; width: 100%; padding: 0; border: 0; background: none; }
#list-images img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: #000; border-radius: 3px; }
#list-note:empty { display: none; }
@media (max-width: 62rem) { .explorer-grid { grid-template-columns: minmax(0, 1fr); } }
`;

/** The gallery and its large view. */
const galleryStyle = `
#gallery-controls { display: none; flex-wrap: wrap; align-items: center; gap: 0.6rem 1.25rem; margin-bottom: 1rem; }
.scripted #gallery-controls { display: flex; }
#gallery-controls .pair, #gallery-controls .pair label { display: inline-flex; align-items: center; gap: 0.4em; }
#gallery-controls input[type=number] { width: 4.25rem; }
#gallery-count { margin-left: auto; color: var(--soft); font-variant-numeric: tabular-nums; }
#gallery-list { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(8.5rem, 28vw), 1fr)); gap: 1.1rem 0.9rem; max-width: none; margin: 0; padding: 0; list-style: none; }
.card { min-width: 0; font: 0.8125rem/1.35 var(--sans); }
.card button { display: block; width: 100%; padding: 0; border: 0; border-radius: 3px; background: none; }
.card.wrong .stack { box-shadow: 0 0 0 2.5px rgb(var(--wrong)); }
#gallery-note { margin: 0 0 0.75rem; }
#gallery-note:empty { display: none; }
.id { display: block; margin-top: 0.35rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.verdict { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.stack { position: relative; display: block; overflow: hidden; background: #000; border-radius: 3px; }
.stack img { display: block; width: 100%; }
.stack .map, .stack .mask { position: absolute; inset: 0; height: 100%; }
.stack .map { filter: url(#heat); opacity: var(--overlay, 0.7); }
.stack .mask { filter: url(#outline); }
.filters { position: absolute; }
.scale { display: inline-flex; align-items: center; gap: 0.4em; font-variant-numeric: tabular-nums; }
.scale .ramp { width: 7rem; height: 0.9em; background: ${saliencyGradient}, #808080; border-radius: 2px; }
dialog { width: min(64rem, calc(100vw - 1.5rem)); max-height: calc(100dvh - 1.5rem); padding: 1rem 1.25rem; overflow: auto; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
dialog::backdrop { background: rgb(0 0 0 / 0.6); }
.bar { display: flex; align-items: center; gap: 0.5rem; margin-bottom: 0.75rem; font: 0.875rem/1.4 var(--sans); }
.bar h3 { flex: 1; min-width: 0; margin: 0; }
.bar button { min-width: 2.4rem; min-height: 2.4rem; }
#dialog-position { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.views { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; }
.views figcaption { margin: 0.35rem 0 0; }
dialog .prediction { min-width: 9rem; }
dialog .current th { font-weight: 700; }
`;

/** Print: all sections and classes, the models that are shown, no controls, light colors. */
const printStyle = `
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --shade: #f2f2f2; --link: #000;
    --right: 0 114 178; --wrong: 213 94 0;
    --series-0: #0072b2; --series-1: #d55e00; --series-2: #009e73; --series-3: #a8588a; --series-4: #b87f00; --series-5: #3a94c4; --series-6: #555b61;
  }
  @page { margin: 16mm 14mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10pt; }
  header, main > section { max-width: none; padding: 0; }
  .controls, .skip, nav, dialog, details:not([open]), noscript, .scripted .choices, .scripted #gallery-controls { display: none; }
  .print { display: block; }
  h2 { margin-top: 1.5rem; }
  h2, h3, caption, figcaption { break-after: avoid; }
  figure, tr, .card, .confusion { break-inside: avoid; }
  .scroll { overflow: visible; }
  .scroll.wide::before { display: none; }
  .more-left, .more-right { mask-image: none !important; }
  table { font-size: 8pt; }
  .results { min-width: 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .answer { display: block; }
  .grid { grid-template-columns: repeat(3, 1fr); gap: 0.75rem; }
  .grid.wide { grid-template-columns: repeat(2, 1fr); }
  .columns { display: block; }
  .sheet img { min-width: 0; }
  #gallery-list { grid-template-columns: repeat(6, 1fr); gap: 0.5rem; }
  .card { font-size: 7pt; }
  .card.wrong .stack { outline: 1.5pt solid rgb(var(--wrong)); box-shadow: none; }
  a { text-decoration: none; }
}
`;

/** The parts of the style sheet that other pages share: colors, text and layout; tables and figures. */
export const pageStyles = { base: baseStyle, data: dataStyle } as const;

/** The style sheet of the page. */
export const pageStyle = [
  baseStyle,
  answerStyle,
  dataStyle,
  decisionStyle,
  galleryStyle,
  printStyle,
].join('\n');
