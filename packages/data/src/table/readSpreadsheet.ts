import { execFile, type ExecFileException } from 'node:child_process';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { InputError } from '@nonlocal-med/core';
import { compiledFile } from '@nonlocal-med/core/node';
import type { TableRow } from './csvRows.js';

const MAXIMUM_BYTES = 4 * 2 ** 20;
const MAXIMUM_UNPACKED = 64 * 2 ** 20;
const MAXIMUM_ROWS = 20_000;
/** Limits of the process that parses: tables of the largest size need 240 MB and 1.2 s. */
const MAXIMUM_MEBIBYTES = 512;
const MAXIMUM_MILLISECONDS = 60_000;

/** First bytes of Excel 97 and earlier (BIFF, in an OLE2 container), and of the ZIP of Excel 2007. */
const SIGNATURES = {
  xls: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  xlsx: Buffer.from('PK\x03\x04', 'latin1'),
};

/** What the parser found: names of all sheets and the cells of the first as text, or why it found nothing. */
export type ParsedSpreadsheet =
  | { readonly names: readonly string[]; readonly rows: readonly (readonly string[] | null)[] }
  | { readonly error: string };

/**
 * Reads the rows of the first sheet of an Excel file, old (BIFF) or new, without blank rows. Nothing in it is executed:
 * a formula counts as the value that was saved with it.
 *
 * @param path of issues: the file
 * @param onNote is told of further sheets, which are not read
 * @throws InputError if it is not such a file, damaged, or larger than a table of labels can be (4 MiB, 20,000 rows)
 */
export async function readSpreadsheet(
  bytes: Buffer,
  path: string,
  onNote?: (note: string) => void,
): Promise<TableRow[]> {
  checkFile(bytes, path);
  const parsed = await parseApart(bytes);
  if ('error' in parsed)
    throw new InputError({ path, message: `cannot be read as a spreadsheet: ${parsed.error}` });
  const { names, rows } = parsed;
  if (names.length > 1)
    onNote?.(
      `Only the first sheet of ${path}, "${names[0]}", is read; not read: ${names
        .slice(1)
        .map((name) => `"${name}"`)
        .join(', ')}.`,
    );
  if (rows.length > MAXIMUM_ROWS)
    throw new InputError({
      path,
      message: `has more than ${MAXIMUM_ROWS.toLocaleString('en')} rows`,
      hint: 'save it as CSV',
    });
  return rows
    .map((cells, index): TableRow => ({ line: index + 1, cells: cells ?? [] }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

/** Parses a file in a process of its own, with limits on memory and time (spreadsheetProcess.ts). */
async function parseApart(bytes: Buffer): Promise<ParsedSpreadsheet> {
  const program = compiledFile(import.meta.url, './spreadsheetProcess.js');
  const running = promisify(execFile)(
    process.execPath,
    [`--max-old-space-size=${MAXIMUM_MEBIBYTES}`, program, String(MAXIMUM_ROWS)],
    { timeout: MAXIMUM_MILLISECONDS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 },
  );
  running.child.stdin?.on('error', () => undefined); // It may have ended before it read everything.
  running.child.stdin?.end(bytes);
  try {
    return JSON.parse((await running).stdout) as ParsedSpreadsheet;
  } catch (error) {
    // Node itself ends the process if there is too little memory, with a signal as well.
    if (((error as ExecFileException).signal ?? null) === null) throw error;
    return {
      error: `the parser needed more than ${MAXIMUM_MEBIBYTES} MiB of memory or ${MAXIMUM_MILLISECONDS / 1000} s`,
    };
  }
}

function checkFile(bytes: Buffer, path: string): void {
  const hint = 'an Excel file of labels, .xls or .xlsx; or save it as CSV';
  if (bytes.length > MAXIMUM_BYTES)
    throw new InputError({
      path,
      message: `has ${bytes.length.toLocaleString('en')} bytes`,
      hint: `at most ${MAXIMUM_BYTES.toLocaleString('en')}; or save it as CSV`,
    });
  const starts = (kind: Buffer): boolean => bytes.subarray(0, kind.length).equals(kind);
  if (!starts(SIGNATURES.xls) && !starts(SIGNATURES.xlsx))
    throw new InputError({
      path,
      message: bytes.length === 0 ? 'is empty' : 'is not an Excel file, despite its name',
      hint,
    });
  if (starts(SIGNATURES.xls)) return;
  try {
    inflatedSize(bytes, MAXIMUM_UNPACKED);
  } catch (error) {
    const large =
      error instanceof RangeError && (error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE';
    throw new InputError(
      {
        path,
        message: large
          ? `contains more than ${MAXIMUM_UNPACKED.toLocaleString('en')} bytes when unpacked`
          : 'is a damaged Excel file',
        hint,
      },
      { cause: error },
    );
  }
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * The total size of the files in a ZIP archive, measured by unpacking them: the sizes that an archive states may be wrong,
 * and a megabyte can hold a gigabyte.
 *
 * @throws RangeError as soon as it exceeds `limit` bytes; Error if it is not a ZIP archive or damaged
 */
export function inflatedSize(bytes: Buffer, limit: number): number {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || bytes.readUInt32LE(end) !== END) throw new Error('it has no file directory');
  const count = bytes.readUInt16LE(end + 8); // entries on this disk, which parsers go by
  if (count !== bytes.readUInt16LE(end + 10))
    throw new Error('its directory states two numbers of files');
  let at = bytes.readUInt32LE(end + 16);
  let size = 0;
  for (let entry = 0; entry < count; entry++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error('its file directory is damaged');
    size += inflatedEntrySize(bytes, {
      local: bytes.readUInt32LE(at + 42),
      packed: bytes.readUInt32LE(at + 20),
      left: limit - size,
    });
    at +=
      46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return size;
}

function inflatedEntrySize(
  bytes: Buffer,
  { local, packed, left }: { local: number; packed: number; left: number },
): number {
  if (bytes.readUInt32LE(local) !== LOCAL) throw new Error('its file directory is damaged');
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const content = bytes.subarray(start, start + packed);
  const stored = bytes.readUInt16LE(local + 8) === 0;
  if (stored && content.length > left) throw new RangeError('too large');
  return stored
    ? content.length
    : inflateRawSync(content, { maxOutputLength: Math.max(left, 1) }).length;
}
