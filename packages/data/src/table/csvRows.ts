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
 * is the one that Excel's line `sep=;` names, or else the comma, semicolon, tab or pipe, whichever the first line contains
 * most often. Rows may differ in length.
 *
 * @param path of issues: the file
 * @throws InputError if it is not valid CSV
 */
export function csvRows(text: string, path: string): TableRow[] {
  const [line, named] = /^\uFEFF?\s*"?sep=([,;\t|])"?[ \t]*(?:\r\n|\n|\r|$)/i.exec(text) ?? [''];
  const body = text.slice(line.length);
  const delimiter = (named as Delimiter | undefined) ?? findDelimiter(body);
  const skipped = line.match(/\r\n|\n|\r/g)?.length ?? 0;
  return parseCsv(body, { path, delimiter, firstLine: skipped + 1 })
    .map((record) => ({ line: record.line, cells: record.fields.map((field) => field.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

type Delimiter = ',' | ';' | '\t' | '|';

function findDelimiter(text: string): Delimiter {
  const header = (/^\uFEFF?\s*(.*)/.exec(text)?.[1] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = ([',', ';', '\t', '|'] as const).map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }));
  return counts.reduce((best, entry) => (entry.count > best.count ? entry : best)).delimiter;
}
