import { InputError } from '@nonlocal-med/core';
import { readTable } from '../../table/readTable.js';
import { imageKey } from './imageKey.js';

/**
 * Reads a table of pairs, such as messidor-2.csv (`left;right`, separated by semicolons or commas, or .xls): the two
 * images of an examination in the first two columns, whatever the header calls them.
 * @returns image keys
 * @throws InputError when it cannot be read or has no pairs.
 */
export async function readPairs(file: string): Promise<(readonly [string, string])[]> {
  const table = await readTable(file);
  const pairs = table
    .slice(/^(left|right)/i.test(table[0]?.cells[0] ?? '') ? 1 : 0)
    .flatMap(({ cells: [left, right] }) =>
      left && right ? [[imageKey(left), imageKey(right)] as const] : [],
    );
  if (pairs.length === 0)
    throw new InputError({
      path: file,
      message: 'holds no pairs of images',
      hint: 'a left and a right image a line',
    });
  return pairs;
}
