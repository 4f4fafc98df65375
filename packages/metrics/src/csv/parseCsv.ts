import { InputError } from '@nonlocal-med/core';

/** A record of a CSV text with the line it starts on, counted from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Parses CSV by RFC 4180: quoted fields may hold commas, quotes (doubled) and line breaks; lines end in LF or CRLF; a
 * byte order mark and empty lines are passed over.
 *
 * @throws InputError when a quote is not closed or stands inside a field that is not quoted, with its line.
 */
export function parseCsv(text: string, where = 'csv'): CsvRecord[] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/gy;
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = 1;
  let start = 1;
  for (
    field.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
    field.lastIndex < text.length || fields.length > 0;
  ) {
    const match = field.exec(text);
    if (match === null)
      throw new InputError({
        path: `${where}:${line}`,
        message: 'a quotation mark is not closed, or stands inside a field that is not quoted',
        hint: 'fields with quotes are quoted, their quotes doubled (RFC 4180)',
      });
    const [whole, quoted, plain, end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: start, fields });
    fields = [];
    start = line;
  }
  return records;
}
