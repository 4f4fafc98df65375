import { join } from 'node:path';
import type { Issue, SplitName } from '@nonlocal-med/core';
import { shortList } from '../../noteText.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import { listFolder, selectFolders } from '../listFolder.js';
import { naturalCompare } from '../naturalCompare.js';
import { joinNames } from './readSplitFile.js';
import { splitNameOf } from './splitNames.js';

/** A folder whose images are of one class. */
export interface ClassFolder {
  /** Below the data set, with forward slashes: "NORMAL", "train/NORMAL". */
  readonly path: string;
  readonly label: string;
  readonly split?: SplitName;
}

/** How the folders of a data set are to be read. */
export interface FolderArrangement {
  readonly classFolders: readonly ClassFolder[];
  /** Folders below which class folders are: "" for the data set itself, or its train, val and test. */
  readonly parents: readonly string[];
  readonly splitSource?: string;
  /** Folders beside those of a split, which are left out. */
  readonly leftOut: readonly string[];
  readonly issues: readonly Issue[];
}

type FolderOptions = Pick<ResolvedDataOptions, 'classes' | 'labelMap' | 'givenSplit'>;

/**
 * Finds the class folders of a data set: its folders, or those in its folders train, val and test. Such folders are never
 * classes, unless the options name them as classes.
 */
export async function arrangeFolders(
  folder: string,
  options: FolderOptions,
): Promise<FolderArrangement> {
  const folders = await selectFolders(folder, await listFolder(folder));
  const declared = new Set([...(options.classes ?? []), ...Object.keys(options.labelMap ?? {})]);
  const isSplit = (name: string): boolean => splitNameOf(name) !== undefined && !declared.has(name);
  const splitFolders = folders.filter(isSplit);
  const others = folders.filter((name) => !isSplit(name));
  const plain: FolderArrangement = {
    classFolders: folders.map((name) => ({ path: name, label: name })),
    parents: [''],
    leftOut: [],
    issues: [],
  };
  if (splitFolders.length === 0) return { ...plain, issues: await wrapperIssues(folder, folders) };
  if (splitFolders.length === 1 && others.length > 0)
    return { ...plain, issues: [besideClasses(folder, splitFolders[0], others)] };
  const classFolders = await classesIn(folder, splitFolders);
  const labels = new Set(classFolders.map(({ label }) => label));
  const source = `the folders ${joinNames(splitFolders)}`.replace(
    /^the folders (\S+)$/,
    'the folder $1',
  );
  return {
    classFolders:
      options.givenSplit === 'ignore'
        ? classFolders.map(({ path, label }) => ({ path, label }))
        : classFolders,
    parents: ['', ...splitFolders],
    splitSource: options.givenSplit === 'ignore' ? undefined : source,
    leftOut: others,
    issues: [
      ...(labels.size === 0 ? [withoutClasses(folder, splitFolders)] : []),
      ...others.filter((name) => labels.has(name)).map((name) => mixed(folder, name, source)),
    ],
  };
}

async function classesIn(folder: string, splitFolders: readonly string[]): Promise<ClassFolder[]> {
  const lists = await Promise.all(
    splitFolders.map(async (name) => {
      const inner = join(folder, name);
      const labels = await selectFolders(inner, await listFolder(inner));
      return labels.map((label) => ({
        path: `${name}/${label}`,
        label,
        split: splitNameOf(name),
      }));
    }),
  );
  return lists.flat().sort((a, b) => naturalCompare(a.path, b.path));
}

/** A folder around the data set, as some archives have. */
async function wrapperIssues(folder: string, folders: readonly string[]): Promise<Issue[]> {
  if (folders.length !== 1) return [];
  const inner = join(folder, folders[0]);
  const within = await selectFolders(inner, await listFolder(inner));
  const parts = within.filter((name) => splitNameOf(name) !== undefined);
  if (parts.length < 2) return [];
  return [
    {
      path: folder,
      message: `contains only the folder "${folders[0]}", in which ${joinNames(parts)} are parts of a split`,
      hint: `use ${inner} as the data set`,
    },
  ];
}

const besideClasses = (folder: string, name: string, others: readonly string[]): Issue => ({
  path: folder,
  message: `its folder "${name}" looks like a part of a split, but ${others.length === 1 ? 'the folder' : 'the folders'} ${shortList(others.map((other) => `"${other}"`))} beside it ${others.length === 1 ? 'does' : 'do'} not`,
  hint: `put the class folders into train/, val/ and test/; or take "${name}" out of the data set; if it is a class, name all classes: --set 'data.classes=[${[...others, name].sort(naturalCompare).join(', ')}]'`,
});

const withoutClasses = (folder: string, splitFolders: readonly string[]): Issue => ({
  path: folder,
  message: `its folders ${joinNames(splitFolders)} are parts of a split, but there are no class folders in them`,
  hint: 'one folder per class in each of them; or a CSV manifest with the columns file, label and split',
});

const mixed = (folder: string, name: string, source: string): Issue => ({
  path: join(folder, name),
  message: `is beside ${source}, which contain folders of the same name: it is not clear which part of the split it belongs to`,
  hint: 'move its images into one of them',
});
