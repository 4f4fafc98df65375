import { InputError } from '@nonlocal-med/core';
import { CsvError, parse } from 'csv-parse/sync';
import type { TableRow } from './table.js';

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The rows of a CSV text, with or without a byte order mark, any line ends, blank lines left out; fields are separated by
 * commas, semicolons or tabs, whichever the first line has most of. Rows may differ in length.
 * @throws InputError when it is no CSV.
 */
export function parseCsv(text: string, where: string): TableRow[] {
  try {
    // `info` changes the shape of the result in a way that the library's types do not follow.
    const parsed = parse(text, {
      bom: true,
      delimiter: findDelimiter(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as Parsed[];
    return parsed.map(({ record, info }) => ({
      line: info.lines,
      cells: record.map((cell) => cell.trim()),
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? `:${error.lines}` : '';
    throw new InputError(
      { path: `${where}${line}`, message: `is no CSV: ${error.message}` },
      { cause: error },
    );
  }
}

function findDelimiter(text: string): string {
  const header = (/^\uFEFF?\s*(.*)/.exec(text)?.[1] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }));
  return counts.reduce((best, entry) => (entry.count > best.count ? entry : best)).delimiter;
}
