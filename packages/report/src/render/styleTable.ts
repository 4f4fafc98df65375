import type { Table } from '../tables/table.js';
import type { StyledTable } from './styledTable.js';

/** A table of plain text as one that all renderers take. */
export function styleTable({ columns, rows }: Table): StyledTable {
  return { columns, rows: rows.map((cells) => ({ cells: cells.map((text) => ({ text })) })) };
}
