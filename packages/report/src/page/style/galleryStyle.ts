/** The gallery and its large view. */
export const galleryStyle = `
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
dialog { width: min(64rem, calc(100vw - 1.5rem)); max-height: calc(100dvh - 1.5rem); padding: 1rem 1.25rem; overflow: auto; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 6px; }
dialog::backdrop { background: rgb(0 0 0 / 0.6); }
.bar { display: flex; align-items: center; gap: 0.5rem; margin-bottom: 0.75rem; font: 0.875rem/1.4 var(--sans); }
.bar h3 { flex: 1; min-width: 0; margin: 0; }
.bar button { min-width: 2.4rem; min-height: 2.4rem; }
#dialog-place { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.views { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; }
.views figcaption { margin: 0.35rem 0 0; }
dialog .said { min-width: 9rem; }
dialog .current th { font-weight: 700; }
`;
