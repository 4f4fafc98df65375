import { basename, extname } from 'node:path';
import { parseCsv } from './parseCsv.js';
import { readSpreadsheet } from './readSpreadsheet.js';
import { readTableFile } from './readTableFile.js';
import type { TableRow } from './table.js';

/**
 * The rows of a table file, header first: .xls and .xlsx by their first sheet, everything else as CSV in UTF-8.
 * @throws InputError when it cannot be read as what its name says.
 */
export async function readTable(file: string): Promise<TableRow[]> {
  const bytes = await readTableFile(file);
  const where = basename(file);
  return /^\.xlsx?$/i.test(extname(file))
    ? readSpreadsheet(bytes, where)
    : parseCsv(bytes.toString('utf8'), where);
}
