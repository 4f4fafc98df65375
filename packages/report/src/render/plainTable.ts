import type { Table } from '../tables/table.js';
import type { StyledTable } from './styledTable.js';

/** A styled table as text in cells, for a terminal: marks stand behind the text, headings in the first column. */
export function plainTable({ columns, rows }: StyledTable): Table {
  return {
    columns,
    rows: rows.map((row) =>
      row.heading === undefined
        ? row.cells.map(({ text, mark = '' }) => text + mark)
        : [row.heading, ...columns.slice(1).map(() => '')],
    ),
  };
}
