import { open, readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { csvRows, type TableRow } from './csvRows.js';
import { readSpreadsheet } from './readSpreadsheet.js';

/**
 * Reads the rows of a table file, header first: .xls and .xlsx by their first sheet, everything else as CSV in UTF-8.
 *
 * @throws InputError if the file does not exist or cannot be read as what its name announces
 */
export async function readTable(file: string): Promise<TableRow[]> {
  if (!/^\.xlsx?$/i.test(extname(file))) return readCsvFile(file);
  return readSpreadsheet(await readTableFile(file), basename(file));
}

/** Reads the rows of a CSV file in UTF-8, header first. @throws InputError if it does not exist or is not valid CSV. */
export async function readCsvFile(file: string): Promise<TableRow[]> {
  return csvRows((await readTableFile(file)).toString('utf8'), basename(file));
}

function readTableFile(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    const message =
      error.code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${error.message}`;
    throw new InputError({ path: file, message }, { cause: error });
  });
}

const HEADER_BYTES = 16_384;

/** Reads the first line of a CSV file without reading the rest; empty if the line or the file is missing or invalid. */
export async function readHeader(file: string): Promise<readonly string[]> {
  try {
    const handle = await open(file);
    const { buffer, bytesRead } = await handle
      .read({ buffer: Buffer.alloc(HEADER_BYTES) })
      .finally(() => handle.close());
    const line = buffer
      .toString('utf8', 0, bytesRead)
      .split(/\r\n?|\n/)
      .find((text) => text.trim() !== '');
    return csvRows(line ?? '', basename(file))[0]?.cells ?? [];
  } catch (error) {
    if (error instanceof InputError || (error as NodeJS.ErrnoException).code !== undefined)
      return [];
    throw error;
  }
}
