import type { Table } from './table.js';

/** The same table with its rows as columns: a few models with many metrics then fit a terminal's width. */
export function transposeTable({ columns, rows }: Table): Table {
  const [corner, ...titles] = columns.map(({ title }) => title);
  return {
    columns: [{ title: corner }, ...rows.map(([title]) => ({ title, align: 'right' as const }))],
    rows: titles.map((title, index) => [title, ...rows.map((row) => row[index + 1])]),
  };
}
