/** Colours of both schemes, text, layout. The series colours are Okabe and Ito's (2008), ordered for each background. */
export const baseStyle = `
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
header { padding-top: 2.5rem; }
main { padding-bottom: 4rem; }
.kind { margin: 0; color: var(--soft); font: 0.875rem/1.4 var(--sans); overflow-wrap: anywhere; }
h1 { margin: 0.25rem 0 1rem; max-width: 46rem; font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.25rem); line-height: 1.2; font-weight: 600; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 3.25rem 0 0.75rem; padding-top: 0.9rem; border-top: 1px solid var(--line); font-size: 1.4rem; line-height: 1.3; font-weight: 600; }
h3 { margin: 2rem 0 0.5rem; font: 600 1rem/1.4 var(--sans); overflow-wrap: anywhere; }
#summary h2 { margin-top: 2rem; }
p, ul, ol, dl { max-width: 44rem; margin: 0 0 1rem; }
.lead p { margin-bottom: 0.6rem; font-size: 1.2rem; line-height: 1.5; overflow-wrap: anywhere; }
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
.scripted .choices { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; margin-top: 1.5rem; padding: 0.55rem max(1.25rem, calc((100vw - 74rem) / 2 + 1.25rem)); background: var(--paper); border-block: 1px solid var(--line); }
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
  .scripted .choices { position: static; }
  .lead p { font-size: 1.1rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
