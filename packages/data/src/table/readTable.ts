import { basename, extname } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { openRegularFile, readRegularFile } from '@nonlocal-med/core/node';
import { csvRows, type TableRow } from './csvRows.js';
import { decodeText } from './decodeText.js';
import { readSpreadsheet } from './readSpreadsheet.js';

/**
 * Reads the rows of a table file, header first: .xls and .xlsx by their first sheet, everything else as CSV in UTF-8,
 * UTF-16 or Windows-1252 (Latin-1).
 *
 * @param onNote is told of an encoding that had to be guessed, and of sheets that are not read
 * @throws InputError if the file does not exist or cannot be read as what its name announces
 */
export async function readTable(
  file: string,
  onNote?: (note: string) => void,
): Promise<TableRow[]> {
  const [bytes, name] = [await readTableFile(file), basename(file)];
  if (isSpreadsheet(file)) return readSpreadsheet(bytes, name, onNote);
  const { text, encoding } = decodeText(bytes);
  if (encoding === 'Windows-1252')
    onNote?.(
      `${name} is not UTF-8, so it is read as Windows-1252 (Latin-1); check the class names, or save it as UTF-8.`,
    );
  return csvRows(text, name);
}

/** Whether a file is an Excel file by its name. */
export const isSpreadsheet = (file: string): boolean => /^\.xlsx?$/i.test(extname(file));

function readTableFile(file: string): Promise<Buffer> {
  return readRegularFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof InputError) throw error;
    const message =
      error.code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${error.message}`;
    throw new InputError({ path: file, message }, { cause: error });
  });
}

const HEADER_BYTES = 16_384;

/** Reads the first line of a CSV file without reading the rest; empty if the line or the file is missing or invalid. */
export async function readHeader(file: string): Promise<readonly string[]> {
  try {
    const handle = await openRegularFile(file);
    const { buffer, bytesRead } = await handle
      .read({ buffer: Buffer.alloc(HEADER_BYTES) })
      .finally(() => handle.close());
    const line = decodeText(trimmed(buffer.subarray(0, bytesRead)))
      .text.split(/\r\n?|\n/)
      .find((text) => text.trim() !== '' && !/^"?sep=.?"?\s*$/i.test(text));
    return csvRows(line ?? '', basename(file))[0]?.cells ?? [];
  } catch (error) {
    if (error instanceof InputError || (error as NodeJS.ErrnoException).code !== undefined)
      return [];
    throw error;
  }
}

/** The bytes up to their last line end, so that no letter is cut in two. */
function trimmed(bytes: Buffer): Buffer {
  const end = bytes.length < HEADER_BYTES ? -1 : bytes.lastIndexOf('\n');
  return end < 0 ? bytes : bytes.subarray(0, end - (end % 2));
}
