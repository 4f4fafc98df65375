import { InputError } from './errors.js';

/** A record of a CSV text. */
export interface CsvRecord {
  /** The line it starts on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Parses CSV by RFC 4180: quoted fields may contain delimiters, quotation marks (doubled) and line breaks. Lines end in
 * LF, CRLF or CR. A byte order mark and empty lines are skipped; records may differ in length. The apostrophe that
 * {@link csvField} puts before a formula is removed.
 * @param options.path what errors call the text, usually a file name
 * @param options.firstLine the number of the text's first line in that file
 * @throws InputError with the line when a quotation mark is not closed or appears inside an unquoted field
 */
export function parseCsv(
  text: string,
  {
    path = 'csv',
    delimiter = ',',
    firstLine = 1,
  }: {
    readonly path?: string;
    readonly delimiter?: ',' | ';' | '\t' | '|';
    readonly firstLine?: number;
  } = {},
): CsvRecord[] {
  const field = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))([${delimiter}]|\\r\\n|\\n|\\r|$)`,
    'gy',
  );
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = firstLine;
  let start = firstLine;
  for (
    field.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
    field.lastIndex < text.length || fields.length > 0;
  ) {
    const match = field.exec(text);
    if (match === null)
      throw new InputError({
        path: `${path}:${line}`,
        message:
          'is not valid CSV: a quotation mark is not closed, or appears inside an unquoted field',
        hint: 'quote fields that contain quotation marks, and double those (RFC 4180)',
      });
    const [whole, quoted, plain, end] = match;
    fields.push(withoutMark(quoted === undefined ? plain : quoted.replaceAll('""', '"')));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === delimiter) continue;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: start, fields });
    fields = [];
    start = line;
  }
  return records;
}

/** What spreadsheets run as a formula, with the apostrophes before it that make it text. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** How texts become CSV. */
export interface CsvOptions {
  /** Write texts that spreadsheets would run as formulas as they are. Default: false. */
  readonly keepFormulas?: boolean;
}

/** Records as CSV, one line each; see {@link csvField}. */
export function csvText(records: readonly (readonly string[])[], options: CsvOptions = {}): string {
  return records
    .map((fields) => `${fields.map((field) => csvField(field, options)).join(',')}\n`)
    .join('');
}

/**
 * A value as a CSV field: quoted where RFC 4180 requires it, or where spaces at its ends could be lost. A text that
 * spreadsheets would run as a formula (it begins with "=", "+", "-", "@", a tab or a carriage return, and is not a number)
 * gets an apostrophe before it, which {@link parseCsv} removes, unless formulas are kept.
 */
export function csvField(value: string, { keepFormulas = false }: CsvOptions = {}): string {
  const isFormula = !keepFormulas && FORMULA.test(value) && !Number.isFinite(Number(value));
  const text = isFormula ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A path as a text that no spreadsheet runs as a formula: with `./` before it if need be, which leaves it the same path and,
 * unlike the apostrophe of {@link csvText}, a path to other programs.
 */
export const csvPath = (path: string): string => (/^[=+@-]/.test(path) ? `./${path}` : path);

/** The name of a column beside columns of classes: with `_` behind it until no class has it. */
export const distinctColumn = (name: string, classes: readonly string[]): string =>
  classes.includes(name) ? distinctColumn(`${name}_`, classes) : name;

const withoutMark = (value: string): string =>
  value.startsWith("'") && FORMULA.test(value.slice(1)) ? value.slice(1) : value;
