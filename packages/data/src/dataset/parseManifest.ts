import { InputError, type Fault } from '@nonlocal-med/core';
import { CsvError, parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** A manifest's table. */
export interface Manifest {
  readonly columns: readonly string[];
  readonly rows: readonly ManifestRow[];
  /** Rows of another length than the header. */
  readonly faults: readonly Fault[];
}

export interface ManifestRow {
  /** Line in the file, from 1. */
  readonly line: number;
  /** Trimmed, one a column. */
  readonly cells: readonly string[];
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a CSV file in UTF-8, with or without a byte order mark, any line ends; fields are separated by commas,
 * semicolons or tabs, whichever the header has most of.
 * @throws InputError when it cannot be read, is no CSV, or has no header and row.
 */
export async function parseManifest(file: string): Promise<Manifest> {
  const where = basename(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError({ where: file, what: error.code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${error.message}` }, { cause: error });
  });
  const records = parseText(text, where);
  if (records.length < 2) throw new InputError({ where, what: records.length === 0 ? 'is empty' : 'has a header and no rows', allowed: 'a header line and one line an image' });
  const [{ record: header }, ...body] = records;
  const columns = header.map((name) => name.trim());
  const repeated = columns.filter((name, index) => columns.indexOf(name) !== index);
  if (repeated.length > 0) throw new InputError({ where: `${where}:1`, what: `column "${repeated[0]}" stands twice in the header` });
  const faults = body.flatMap(({ record, info }): Fault[] =>
    record.length === columns.length ? [] : [{ where: `${where}:${info.lines}`, what: `has ${record.length} ${record.length === 1 ? 'field' : 'fields'} where the header has ${columns.length}` }],
  );
  const rows = body.filter(({ record }) => record.length === columns.length).map(({ record, info }) => ({ line: info.lines, cells: record.map((cell) => cell.trim()) }));
  return { columns, rows, faults };
}

function parseText(text: string, where: string): Parsed[] {
  try {
    // `info` changes the shape of the result in a way that the library's types do not follow.
    return parse(text, { bom: true, delimiter: findDelimiter(text), info: true, relax_column_count: true, skip_empty_lines: true, skip_records_with_empty_values: true }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? `:${error.lines}` : '';
    throw new InputError({ where: `${where}${line}`, what: `is no CSV: ${error.message}` }, { cause: error });
  }
}

function findDelimiter(text: string): string {
  const header = (/^\uFEFF?\s*(.*)/.exec(text)?.[1] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  return counts.reduce((best, entry) => (entry.count > best.count ? entry : best)).delimiter;
}
