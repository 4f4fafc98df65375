/**
 * The program that parses an Excel file from standard input, in a process of its own: a damaged file can make the parser
 * take more memory than there is, which ends its process. Prints a {@link ParsedSpreadsheet} as JSON.
 */
import { buffer } from 'node:stream/consumers';
import { type CellObject, type DenseWorkSheet, read } from '@e965/xlsx';
import type { ParsedSpreadsheet } from './readSpreadsheet.js';

const [maximumRows] = process.argv.slice(2).map(Number);
process.stdout.write(JSON.stringify(parse(await buffer(process.stdin))));

function parse(bytes: Buffer): ParsedSpreadsheet {
  try {
    const { SheetNames: names, Sheets } = read(bytes, {
      type: 'buffer',
      dense: true,
      sheets: 0,
      sheetRows: maximumRows + 1,
      cellFormula: false,
      cellHTML: false,
      cellText: false,
    });
    const sheet = Sheets[names[0]] as unknown as DenseWorkSheet | undefined;
    return { names, rows: (sheet?.['!data'] ?? []).map((row) => Array.from(row ?? [], textOf)) };
  } catch (error) {
    return { error: (error as Error | undefined)?.message ?? 'it is damaged' };
  }
}

function textOf(cell: CellObject | undefined): string {
  return cell?.v === undefined || cell.v === null || cell.t === 'e' ? '' : String(cell.v).trim();
}
