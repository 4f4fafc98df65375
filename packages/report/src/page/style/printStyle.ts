/** On paper: every section, every class, the models that are shown, no controls, always light. */
export const printStyle = `
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
  table { font-size: 8pt; }
  .results { min-width: 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .grid { grid-template-columns: repeat(4, 1fr); gap: 0.75rem; }
  .grid.wide { grid-template-columns: repeat(2, 1fr); }
  .columns { display: block; }
  #gallery-list { grid-template-columns: repeat(6, 1fr); gap: 0.5rem; }
  .card { font-size: 7pt; }
  .card.wrong .stack { outline: 1.5pt solid rgb(var(--wrong)); box-shadow: none; }
  a { text-decoration: none; }
}
`;
