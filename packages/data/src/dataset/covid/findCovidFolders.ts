import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { listNames } from '../listNames.js';
import { covidClass } from './covidClass.js';
import type { CovidClass } from './covidClasses.js';

/** Where the class folders of a COVID-19 Radiography Database are. */
export interface CovidFolders {
  /** Their parent. */
  readonly root: string;
  /** Folders' names by class. */
  readonly folders: ReadonlyMap<CovidClass, string>;
  /** Folders of one class under several names. */
  readonly repeated: readonly string[];
}

const DEPTH = 2;

/**
 * Finds the class folders in a folder or up to two below it: a COVID-19, a Normal and a Viral Pneumonia one; undefined
 * where there are none.
 * @throws InputError where they are in several folders, such as train/ and test/: one of them would be the whole data set.
 */
export async function findCovidFolders(
  folder: string,
  depth: number = DEPTH,
): Promise<CovidFolders | undefined> {
  const inside = await foldersIn(folder);
  const classes = inside.flatMap((name) =>
    covidClass(name) === undefined ? [] : [{ name, of: covidClass(name)! }],
  );
  const folders = new Map(classes.map(({ name, of }) => [of, name]));
  if (['COVID-19', 'Normal', 'Viral Pneumonia'].every((name) => folders.has(name as CovidClass))) {
    return {
      root: folder,
      folders,
      repeated: classes.filter(({ name, of }) => folders.get(of) !== name).map(({ name }) => name),
    };
  }
  if (depth === 0 || inside.length > 20) return undefined;
  const found: CovidFolders[] = [];
  for (const name of inside)
    found.push(
      ...[await findCovidFolders(join(folder, name), depth - 1)].filter((one) => one !== undefined),
    );
  if (found.length > 1)
    throw new InputError({
      path: folder,
      message: `holds class folders of the COVID-19 Radiography Database ${found.length} times: in ${found.map(({ root }) => root).join(', ')}`,
      hint: 'one of these folders as the path, or all images under one folder a class',
    });
  return found[0];
}

async function foldersIn(folder: string): Promise<string[]> {
  const names = await listNames(folder).catch(() => []);
  const kinds = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (entry) => entry.isDirectory(),
        () => false,
      ),
    ),
  );
  return names.filter((_, index) => kinds[index]);
}
