import { parseCsv as parseRecords } from '@nonlocal-med/core';
import type { TableRow } from './table.js';

/**
 * The rows of a CSV text, with or without a byte order mark, with any line ends; blank lines are skipped. The delimiter is
 * the comma, semicolon or tab, whichever the first line contains most often. Rows may differ in length.
 * @throws InputError when it is not valid CSV
 */
export function parseCsv(text: string, where: string): TableRow[] {
  return parseRecords(text, { path: where, delimiter: findDelimiter(text) })
    .map(({ line, fields }) => ({ line, cells: fields.map((field) => field.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

function findDelimiter(text: string): ',' | ';' | '\t' {
  const header = (/^\uFEFF?\s*(.*)/.exec(text)?.[1] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = ([',', ';', '\t'] as const).map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }));
  return counts.reduce((best, entry) => (entry.count > best.count ? entry : best)).delimiter;
}
