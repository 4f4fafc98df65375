const characters: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '"': '\\textquotedbl{}',
  '±': '$\\pm$',
  '×': '$\\times$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '−': '$-$',
  '…': '\\dots{}',
};

/** Text as LaTeX shows it, whatever characters it has. */
export function latexText(text: string): string {
  return text.replaceAll(/[\\{}$&#%_^~<>"±×≥≤−…]/g, (character) => characters[character]);
}
