import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { listFolder, selectFolders } from '../listFolder.js';

/** Classes of the COVID-19 Radiography Database; the names of the folders differ between its releases. */
export const covidClasses = ['COVID-19', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'] as const;

export type CovidClass = (typeof covidClasses)[number];

/** Where the class folders of a COVID-19 Radiography Database are. */
export interface CovidFolders {
  /** Their parent. */
  readonly root: string;
  /** Names of the folders by class. */
  readonly folders: ReadonlyMap<CovidClass, string>;
  /** Further folders of a class that another folder already stands for. */
  readonly repeated: readonly string[];
}

/** Levels below the folder that are searched. */
const DEPTH = 2;

/**
 * Finds the class folders in a folder or up to two levels below it: at least a COVID-19, a Normal and a Viral Pneumonia
 * one; undefined if there are none.
 *
 * @throws InputError if several folders have them, such as train/ and test/: one of them would pass for the whole data set
 */
export async function findCovidFolders(
  folder: string,
  depth: number = DEPTH,
): Promise<CovidFolders | undefined> {
  const names = await selectFolders(folder, await listFolder(folder).catch(() => []));
  const folders = new Map<CovidClass, string>();
  for (const name of names) {
    const covidClass = classOfFolder(name);
    if (covidClass !== undefined) folders.set(covidClass, name);
  }
  if (folders.has('COVID-19') && folders.has('Normal') && folders.has('Viral Pneumonia')) {
    const used = new Set(folders.values());
    const repeated = names.filter((name) => classOfFolder(name) !== undefined && !used.has(name));
    return { root: folder, folders, repeated };
  }
  if (depth === 0 || names.length > 20) return undefined;
  const found: CovidFolders[] = [];
  for (const name of names) {
    const inside = await findCovidFolders(join(folder, name), depth - 1);
    if (inside !== undefined) found.push(inside);
  }
  if (found.length > 1)
    throw new InputError({
      path: folder,
      message: `contains class folders of the COVID-19 Radiography Database in ${found.length} places: ${found.map(({ root }) => root).join(', ')}`,
      hint: 'use one of these folders as the path, or put all images into one folder per class',
    });
  return found[0];
}

const FOLDER_NAMES: Readonly<Record<CovidClass, RegExp>> = {
  'COVID-19': /^covid([-_ ]?19)?$/i,
  Lung_Opacity: /^lung[-_ ]?opacity$/i,
  Normal: /^normal$/i,
  'Viral Pneumonia': /^viral[-_ ]?pneumonia$/i,
};

/** The class whose name a folder has in any release; undefined for any other folder. */
const classOfFolder = (name: string): CovidClass | undefined =>
  covidClasses.find((covidClass) => FOLDER_NAMES[covidClass].test(name.trim()));
