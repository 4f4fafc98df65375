import { basename } from 'node:path';
import { InputError, type Issue } from '@nonlocal-med/core';
import { parseCsv } from '../table/parseCsv.js';
import { readTableFile } from '../table/readTableFile.js';
import type { TableRow } from '../table/table.js';

/** A manifest's table. */
export interface Manifest {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** Rows of another length than the header. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a CSV file in UTF-8, with or without a byte order mark, any line ends; fields are separated by commas,
 * semicolons or tabs, whichever the header has most of.
 * @throws InputError when it cannot be read, is no CSV, or has no header and row.
 */
export async function parseManifest(file: string): Promise<Manifest> {
  const where = basename(file);
  const records = parseCsv((await readTableFile(file)).toString('utf8'), where);
  if (records.length < 2)
    throw new InputError({
      path: where,
      message: records.length === 0 ? 'is empty' : 'has a header and no rows',
      hint: 'a header line and one line an image',
    });
  const [{ cells: columns }, ...body] = records;
  const repeated = columns.filter((name, index) => columns.indexOf(name) !== index);
  if (repeated.length > 0)
    throw new InputError({
      path: `${where}:1`,
      message: `column "${repeated[0]}" stands twice in the header`,
    });
  const issues = body.flatMap(({ line, cells }): Issue[] =>
    cells.length === columns.length
      ? []
      : [
          {
            path: `${where}:${line}`,
            message: `has ${cells.length} ${cells.length === 1 ? 'field' : 'fields'} where the header has ${columns.length}`,
          },
        ],
  );
  return { columns, rows: body.filter(({ cells }) => cells.length === columns.length), issues };
}
