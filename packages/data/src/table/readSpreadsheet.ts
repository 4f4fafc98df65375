import type { CellObject, DenseWorkSheet } from '@e965/xlsx';
import { InputError } from '@nonlocal-med/core';
import { inflatedSize } from './inflatedSize.js';
import type { TableRow } from './table.js';

const MAXIMUM_BYTES = 4 * 2 ** 20;
const MAXIMUM_UNPACKED = 64 * 2 ** 20;
const MAXIMUM_ROWS = 20_000;

/** Excel 97 and before (BIFF, in an OLE2 container), and the ZIP of Excel 2007. */
const KINDS = {
  xls: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  xlsx: Buffer.from('PK\x03\x04', 'latin1'),
};

/**
 * The rows of the first sheet of an Excel file, old (BIFF) or new, blank rows left out. Nothing in it is executed: a
 * formula counts as the value that was saved with it.
 *
 * @param where how messages name the file
 * @throws InputError when it is no such file, damaged, or larger than a table of labels can be (4 MiB, 20,000 rows).
 */
export async function readSpreadsheet(bytes: Buffer, where: string): Promise<TableRow[]> {
  checkFile(bytes, where);
  const { read } = await import('@e965/xlsx');
  let sheet: DenseWorkSheet | undefined;
  try {
    const { SheetNames, Sheets } = read(bytes, {
      type: 'buffer',
      dense: true,
      sheets: 0,
      sheetRows: MAXIMUM_ROWS + 1,
      cellFormula: false,
      cellHTML: false,
      cellText: false,
    });
    sheet = Sheets[SheetNames[0]] as unknown as DenseWorkSheet | undefined;
  } catch (error) {
    throw new InputError(
      { path: where, message: `cannot be read as a spreadsheet: ${(error as Error).message}` },
      { cause: error },
    );
  }
  const rows = sheet?.['!data'] ?? [];
  if (rows.length > MAXIMUM_ROWS)
    throw new InputError({
      path: where,
      message: `has more than ${MAXIMUM_ROWS.toLocaleString('en')} rows`,
    });
  return rows
    .map((row, index): TableRow => ({ line: index + 1, cells: Array.from(row ?? [], textOf) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

function checkFile(bytes: Buffer, where: string): void {
  const allowed = 'an Excel file of labels, .xls or .xlsx; or save it as CSV';
  if (bytes.length > MAXIMUM_BYTES)
    throw new InputError({
      path: where,
      message: `has ${bytes.length.toLocaleString('en')} bytes`,
      hint: `at most ${MAXIMUM_BYTES.toLocaleString('en')}`,
    });
  const starts = (kind: Buffer): boolean => bytes.subarray(0, kind.length).equals(kind);
  if (!starts(KINDS.xls) && !starts(KINDS.xlsx))
    throw new InputError({
      path: where,
      message: bytes.length === 0 ? 'is empty' : 'is no Excel file, whatever its name says',
      hint: allowed,
    });
  if (starts(KINDS.xls)) return;
  try {
    inflatedSize(bytes, MAXIMUM_UNPACKED);
  } catch (error) {
    const large =
      error instanceof RangeError && (error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE';
    throw new InputError(
      {
        path: where,
        message: large
          ? `holds more than ${MAXIMUM_UNPACKED.toLocaleString('en')} bytes when unpacked`
          : 'is a damaged Excel file',
        hint: allowed,
      },
      { cause: error },
    );
  }
}

function textOf(cell: CellObject | undefined): string {
  return cell?.v === undefined || cell.v === null || cell.t === 'e' ? '' : String(cell.v).trim();
}
