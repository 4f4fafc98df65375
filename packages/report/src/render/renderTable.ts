import type { Table } from '../tables/table.js';
import { csvTable } from './csvTable.js';
import { latexTable } from './latexTable.js';
import { markdownTable } from './markdownTable.js';
import { styleTable } from './styleTable.js';
import type { TableFormat } from './tableFormats.js';

/** A table of text in one of the formats, cells as they are shown; JSON is one object a row. */
export function renderTable(table: Table, format: TableFormat): string {
  const names = table.columns.map(({ title }) => title);
  if (format === 'md') return `${markdownTable(styleTable(table))}\n`;
  if (format === 'tex') return `${latexTable(styleTable(table))}\n`;
  if (format === 'csv') return csvTable(names, table.rows);
  return `${JSON.stringify(
    table.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]))),
    null,
    2,
  )}\n`;
}
