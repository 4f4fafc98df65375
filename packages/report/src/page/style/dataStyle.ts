/** Tables, figures, legends. */
export const dataStyle = `
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; font: 0.875rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
caption { padding: 0.25rem 0; text-align: left; font-weight: 600; }
caption span { position: sticky; left: 0; display: inline-block; max-width: calc(100vw - 2.5rem); overflow-wrap: anywhere; }
th, td { padding: 0.35rem 0.9rem 0.35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 500; }
thead th { color: var(--soft); vertical-align: bottom; border-bottom-color: var(--soft); }
tbody tr:last-child > * { border-bottom-color: var(--soft); }
tbody th { min-width: 6rem; max-width: 22rem; overflow-wrap: anywhere; }
td { max-width: 34rem; overflow-wrap: anywhere; }
.number { padding: 0.35rem 0 0.35rem 1.1rem; text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
.number + .text { padding-left: 1.1rem; }
small { color: var(--soft); font-size: 0.8125rem; }
.results { min-width: 40rem; }
@media screen { .results tbody tr:not(.group) th { position: sticky; left: 0; background: var(--paper); } }
.results td { line-height: 1.35; }
.results .group th { padding-top: 1rem; color: var(--soft); font-weight: 600; }
.paper { font-style: italic; }
sup { color: var(--soft); line-height: 0; font-size: 0.75em; }
details { margin: 0 0 1rem; font-family: var(--sans); font-size: 0.875rem; }
summary { width: fit-content; color: var(--link); cursor: pointer; }
details[open] > summary { margin-bottom: 0.5rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); gap: 1.5rem 1.75rem; align-items: start; }
.grid.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
figure { min-width: 0; margin: 0; }
figure.single { grid-column: 1 / -1; max-width: 30rem; }
figure > svg { display: block; width: 100%; max-width: 22rem; height: auto; overflow: visible; font-family: var(--sans); font-size: 12px; font-variant-numeric: tabular-nums; }
figure.single > svg { max-width: 30rem; }
.images tbody th { min-width: 10.5rem; }
.images td { min-width: 5rem; }
.images td.number { min-width: 0; }
.images small { white-space: nowrap; }
figcaption { margin-bottom: 0.25rem; color: var(--soft); font: 0.875rem/1.4 var(--sans); overflow-wrap: anywhere; }
figcaption strong { color: var(--ink); font-weight: 600; }
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
