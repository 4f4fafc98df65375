import { latexText } from './latexText.js';
import type { StyledCell, StyledTable } from './styledTable.js';

/** A `tabular` with booktabs' rules; it needs `\usepackage{booktabs}`. */
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

/** Marks of numbers hang over the column's edge, so that the numbers stay in line. */
function cellText({ text, strong, mark }: StyledCell, hanging: boolean): string {
  // A sign at the beginning is a minus, not a hyphen.
  const escaped = latexText(text)
    .replace(/^-(?=\d)/, '$-$')
    .replaceAll(/(?<=[( ])-(?=\d)/g, '$-$');
  const shown = strong === true ? `{\\bfseries ${escaped}}` : escaped;
  if (mark === undefined || mark === '') return shown;
  const raised = `\\textsuperscript{${latexText(mark)}}`;
  return hanging ? `${shown}\\rlap{${raised}}` : `${shown}${raised}`;
}
