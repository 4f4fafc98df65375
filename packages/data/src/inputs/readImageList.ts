import { basename, resolve } from 'node:path';
import { type Issue, throwIssues } from '@nonlocal-med/core';
import { createFileFinder } from '../dataset/fileFinder.js';
import { findBelow } from '../dataset/findBelow.js';
import { findColumn } from '../dataset/findColumns.js';
import { findImageRoot } from '../dataset/findImageRoot.js';
import { parseManifest } from '../dataset/readManifest.js';
import type { InputImage, ListedInputs, ListInputsOptions } from './listInputs.js';

/**
 * Reads the images of a manifest that are to be predicted. Unlike in a data set, labels are optional, in single rows too,
 * and a file that does not exist is an image with a problem.
 * @throws InputError if the table cannot be read, its columns cannot be used, or rows do not name an image
 */
export async function readImageList(
  file: string,
  { fileColumn, labelColumn }: Omit<ListInputsOptions, 'from'>,
): Promise<ListedInputs> {
  const manifest = basename(file);
  const { columns, rows, issues: lengthIssues, notes } = await parseManifest(file);
  const issues: Issue[] = [...lengthIssues];
  const columnOf = (role: 'file' | 'label', given: string | undefined): number | undefined => {
    const path = `${manifest}:1`;
    const found = findColumn(columns, { role, given, required: role === 'file', path });
    if ('issue' in found) issues.push(found.issue);
    return 'issue' in found ? undefined : found.index;
  };
  const [fileIndex, labelIndex] = [columnOf('file', fileColumn), columnOf('label', labelColumn)];
  throwIssues(issues);
  const names = rows.map(({ cells }) => cells[fileIndex!]);
  throwIssues(
    rows
      .filter((_, index) => names[index] === '')
      .map(({ line }) => ({ path: `${manifest}:${line}`, message: 'no image file is given' })),
  );
  const { root, note } = await findImageRoot(file, { names });
  const finder = findBelow(createFileFinder(root), root);
  const images: InputImage[] = [];
  for (const [index, { cells }] of rows.entries()) {
    const id = names[index];
    const label = labelIndex === undefined ? '' : cells[labelIndex];
    const found = await finder.find(id);
    const problem =
      found === undefined
        ? `does not exist (searched in ${root})`
        : typeof found === 'string'
          ? undefined
          : `is ambiguous: ${found.join(', ')}`;
    images.push({
      id,
      file: typeof found === 'string' ? found : resolve(root, id),
      ...(label === '' ? {} : { label }),
      ...(problem === undefined ? {} : { problem }),
    });
  }
  return { images, notes: [...notes, ...(note === undefined ? [] : [note]), ...finder.notes()] };
}
