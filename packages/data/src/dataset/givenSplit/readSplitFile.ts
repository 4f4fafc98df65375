import { basename } from 'node:path';
import { InputError, type Issue, type SplitName } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { readTable } from '../../table/readTable.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import { commonColumns } from '../findColumns.js';
import { splitNameOf, splitNames } from './splitNames.js';
import { splitValueIssues } from './splitValueIssues.js';

/** One line of a split file: an image, and its part of the split. */
export interface SplitEntry {
  readonly image: string;
  readonly split: SplitName;
  /** File and line, for issues. */
  readonly where: string;
}

/** The lines of the split files, and issues of lines that cannot be used. */
export interface SplitEntries {
  readonly entries: readonly SplitEntry[];
  readonly issues: readonly Issue[];
  /** For sentences: "the file splits.csv", "the lists train.txt and test.txt". */
  readonly source: string;
}

/** Reads the option `splitFile`: a CSV file, or one list per set. @throws InputError if a file cannot be read. */
export async function readSplitFile(
  files: NonNullable<ResolvedDataOptions['splitFile']>,
): Promise<SplitEntries> {
  if (typeof files === 'string') return readSplitTable(files);
  const given = splitNames.flatMap((split) =>
    files[split] === undefined ? [] : [{ split, file: files[split] }],
  );
  const lists = await Promise.all(given.map(({ split, file }) => readList(file, split)));
  const names = given.map(({ file }) => basename(file));
  return {
    entries: lists.flat(),
    issues: lists.flatMap((list, index): Issue[] =>
      list.length > 0
        ? []
        : [
            {
              path: given[index].file,
              message: 'is empty',
              hint: `one image of the ${given[index].split} set per line`,
            },
          ],
    ),
    source: `${names.length === 1 ? 'the list' : 'the lists'} ${joinNames(names)}`,
  };
}

/** "a", "a and b", "a, b and c". */
export const joinNames = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

async function readList(file: string, split: SplitName): Promise<SplitEntry[]> {
  const text = await readRegularFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error instanceof InputError) throw error;
    throw new InputError(
      {
        path: 'data.splitFile',
        message: error.code === 'ENOENT' ? `no such file: "${file}"` : `"${file}" cannot be read`,
        hint: `a text file with one image of the ${split} set per line`,
      },
      { cause: error },
    );
  });
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n?|\n/)
    .map((line, index) => ({
      image: line.trim(),
      split,
      where: `${basename(file)}:${index + 1}`,
    }))
    .filter(({ image }) => image !== '' && !image.startsWith('#'));
}

async function readSplitTable(file: string): Promise<SplitEntries> {
  const name = basename(file);
  const [header, ...rows] = await readTable(file);
  const source = `the file ${name}`;
  const columns = header?.cells ?? [];
  const [image] = [...commonColumns(columns, 'file'), columns.indexOf('id')].filter((i) => i >= 0);
  const [split] = commonColumns(columns, 'split');
  if (image === undefined || split === undefined)
    throw new InputError({
      path: name,
      message: `has no column for the ${image === undefined ? 'image' : 'split'} (columns: ${columns.join(', ')})`,
      hint: 'a CSV file with the columns file and split; lists of images are given as training=FILE, validation=FILE, test=FILE',
    });
  const cells = rows.map(({ line, cells: row }) => ({
    image: row[image] ?? '',
    value: row[split] ?? '',
    where: `${name}:${line}`,
  }));
  return {
    source,
    issues: [
      ...splitValueIssues(
        cells.map(({ value, where }) => ({ value, path: where })),
        { column: columns[split], hint: 'one of training, validation, test' },
      ),
      ...cells
        .filter((cell) => cell.image === '')
        .map(({ where }): Issue => ({ path: where, message: 'names no image' })),
    ],
    entries: cells.flatMap(({ value, ...cell }) => {
      const part = splitNameOf(value);
      return part === undefined || cell.image === '' ? [] : [{ ...cell, split: part }];
    }),
  };
}
