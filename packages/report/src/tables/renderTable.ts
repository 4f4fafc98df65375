import { csvText } from '@nonlocal-med/core';
import { latexTable } from './latexTable.js';
import { markdownTable } from './markdownTable.js';
import { styleTable, type Table } from './table.js';

/** File formats of tables: Markdown, CSV in full precision, LaTeX with booktabs, JSON. */
export const tableFormats = ['md', 'csv', 'tex', 'json'] as const;

/** One of {@link tableFormats}. */
export type TableFormat = (typeof tableFormats)[number];

/** Renders a table of plain text in one of the formats; JSON has one object per row. */
export function renderTable(table: Table, format: TableFormat): string {
  const names = table.columns.map(({ title }) => title);
  if (format === 'md') return `${markdownTable(styleTable(table))}\n`;
  if (format === 'tex') return `${latexTable(styleTable(table))}\n`;
  if (format === 'csv') return csvTable(names, table.rows);
  const objects = table.rows.map((row) =>
    Object.fromEntries(names.map((name, i) => [name, row[i]])),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** CSV (RFC 4180) with a header. Numbers are written in full, so reading them gives the same float64; null is empty. */
export function csvTable(
  names: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return csvText([names, ...rows.map((row) => row.map((value) => String(value ?? '')))]);
}
