import { parseCsv } from '@nonlocal-med/core';

/** A row of a table, including its header. */
export interface TableRow {
  /** Line or row in the file, from 1. */
  readonly line: number;
  /** Trimmed text; numbers as JavaScript formats them. */
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV text, with or without a byte order mark, with any line ends; blank lines are skipped. The delimiter
 * is the comma, semicolon or tab, whichever the first line contains most often. Rows may differ in length.
 *
 * @param path of issues: the file
 * @throws InputError if it is not valid CSV
 */
export function csvRows(text: string, path: string): TableRow[] {
  return parseCsv(text, { path, delimiter: findDelimiter(text) })
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
