import type { StyledCell, StyledTable } from './table.js';

/** Renders a LaTeX `tabular` with the rules of booktabs, which the document must load. */
export function latexTable({ columns, rows }: StyledTable): string {
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
  const body = rows.flatMap((row, index) => {
    if (row.heading === undefined)
      return [line(row.cells.map((cell, c) => cellText(cell, columns[c].align === 'right')))];
    return [
      ...(index === 0 ? [] : ['\\addlinespace']),
      `\\multicolumn{${columns.length}}{l}{\\emph{${latexText(row.heading)}}} \\\\`,
    ];
  });
  return [
    `\\begin{tabular}{${columns.map(({ align }) => (align === 'right' ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    line(columns.map(({ title }) => latexText(title))),
    '\\midrule',
    ...body,
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

/** Marks after numbers take no width, so that the numbers stay aligned. */
function cellText({ text, strong, mark }: StyledCell, hanging: boolean): string {
  // A sign before a number is set as a minus, not as a hyphen.
  const escaped = latexText(text)
    .replace(/^-(?=\d)/, '$-$')
    .replaceAll(/(?<=[( ])-(?=\d)/g, '$-$');
  const shown = strong === true ? `{\\bfseries ${escaped}}` : escaped;
  if (mark === undefined || mark === '') return shown;
  const raised = `\\textsuperscript{${latexText(mark)}}`;
  return hanging ? `${shown}\\rlap{${raised}}` : `${shown}${raised}`;
}

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
  '>=': '$\\geq$',
  '<=': '$\\leq$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '−': '$-$',
  '…': '\\dots{}',
};

/** Escapes the characters that LaTeX would interpret. */
export function latexText(text: string): string {
  return text.replaceAll(/[<>]=|[\\{}$&#%_^~<>"±×≥≤−…]/g, (character) => characters[character]);
}
