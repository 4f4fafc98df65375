import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { countOf } from '../noteText.js';
import { isSpreadsheet } from '../table/readTable.js';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetLocation } from './datasetListing.js';
import { listFolder, selectFolders } from './listFolder.js';
import { eyeManifests } from './readEyeManifest.js';
import { recognizeFolder, recognizeManifest } from './recognizeDataset.js';

/**
 * Detects what a path holds. A public data set is recognized by names that no other has; otherwise a CSV or Excel file is a
 * manifest, a folder with one CSV and images/ (or images_001/ and so on) or at most one subfolder is described by that manifest, and a folder
 * without a CSV has one subfolder per class.
 *
 * @throws InputError if the path does not exist or is ambiguous
 */
export async function detectKind(options: ResolvedDataOptions): Promise<DatasetLocation> {
  const { path, kind, csv } = options;
  const entry = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (entry instanceof Error)
    throw new InputError({
      path: 'data.path',
      message: describeMissing(path, entry),
      hint: 'a folder of class folders, a folder with a CSV or Excel file, or such a file',
    });
  if (entry.isFile()) return locateFile(options);
  if (
    kind === 'folder' ||
    kind === 'messidor' ||
    kind === 'messidor2' ||
    kind === 'covid19-radiography' ||
    kind === 'chexpert'
  )
    return { kind, folder: path, notes: [] };
  if (csv !== undefined) return locateManifest(join(path, csv), options);
  return kind === 'eyepacs' || kind === 'aptos'
    ? findEyeManifest(path, kind)
    : detectFolder(options);
}

function describeMissing(path: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' || error.code === 'ENOTDIR'
    ? `no such file or folder: "${path}"`
    : `"${path}" cannot be opened: ${error.message}`;
}

async function locateFile(options: ResolvedDataOptions): Promise<DatasetLocation> {
  const { path, kind, csv } = options;
  const needsFolder = kind === 'folder' || kind === 'messidor' || kind === 'covid19-radiography';
  if (!isManifest(path))
    throw new InputError({
      path: 'data.path',
      message: `"${path}" is neither a folder nor a .csv, .tsv, .xlsx or .xls file`,
    });
  if (needsFolder || csv !== undefined)
    throw new InputError({
      path: 'data.path',
      message: `"${path}" is a file, but ${needsFolder ? `kind "${kind}"` : 'data.csv'} needs a folder`,
    });
  return locateManifest(path, options);
}

const isCsv = (file: string): boolean => ['.csv', '.tsv'].includes(extname(file).toLowerCase());

const isManifest = (file: string): boolean => isCsv(file) || isSpreadsheet(file);

/** The files in a folder that may be its manifest: the CSV files, or else the Excel files that are not lock files. */
function findManifests(names: readonly string[]): string[] {
  const csv = names.filter(isCsv);
  return csv.length > 0
    ? csv
    : names.filter((name) => isSpreadsheet(name) && !name.startsWith('~$'));
}

async function locateManifest(
  manifest: string,
  options: ResolvedDataOptions,
): Promise<DatasetLocation> {
  const { kind } = options;
  const [folder, name] = [dirname(manifest), basename(manifest)];
  if (kind === 'messidor2') return { kind, folder, grades: name, notes: [] };
  if (kind === 'chexpert') return { kind, folder, table: name, notes: [] };
  if (kind === 'eyepacs' || kind === 'aptos' || kind === 'chestxray14' || kind === 'csv')
    return { kind, manifest, notes: [] };
  return (await recognizeManifest(manifest, options)) ?? { kind: 'csv', manifest, notes: [] };
}

async function findEyeManifest(path: string, kind: 'eyepacs' | 'aptos'): Promise<DatasetLocation> {
  const { manifest, typicalName } = eyeManifests[kind];
  const matches = (await listFolder(path)).filter((name) => manifest.test(name));
  if (matches.length === 1) return { kind, manifest: join(path, matches[0]), notes: [] };
  throw new InputError({
    path: 'data.path',
    message: `"${path}" contains ${matches.length === 0 ? `no ${typicalName}` : matches.join(', ')}`,
    hint: 'name the manifest: --data FOLDER/FILE.csv',
  });
}

/** images/, or the parts of a large archive: images_001/, images_002/, ... */
const IMAGE_FOLDER = /^images?(?:[ _-]?\d+)?$/i;

async function detectFolder(options: ResolvedDataOptions): Promise<DatasetLocation> {
  const { path, kind } = options;
  const names = await listFolder(path);
  const folders = await selectFolders(path, names);
  const recognized =
    kind === 'csv'
      ? undefined
      : await recognizeFolder(path, { names, folders, options: { ...options, kind: 'auto' } });
  if (recognized !== undefined && (kind === 'auto' || recognized.kind === kind)) return recognized;
  if (kind === 'chestxray14')
    throw new InputError({
      path: 'data.path',
      message: `"${path}" contains no table with the columns of Data_Entry_2017.csv`,
      hint: 'name the manifest: --data FOLDER/FILE.csv',
    });
  const manifests = findManifests(names);
  const describedByManifest =
    kind === 'csv' || folders.length < 2 || folders.some((name) => IMAGE_FOLDER.test(name));
  if (manifests.length === 1 && describedByManifest)
    return { kind: 'csv', manifest: join(path, manifests[0]), notes: [] };
  if (manifests.length === 0 && kind === 'auto') return { kind: 'folder', folder: path, notes: [] };
  const listed = manifests.length > 0 ? ` (${manifests.join(', ')})` : '';
  throw new InputError({
    path: 'data.path',
    message: `"${path}" contains ${countOf(manifests.length, manifests.some(isSpreadsheet) ? 'Excel file' : 'CSV file')}${listed} and ${countOf(folders.length, 'folder')}`,
    hint:
      kind === 'csv'
        ? 'name the manifest: --data FOLDER/FILE.csv'
        : '--kind folder reads one folder per class; --data FOLDER/FILE.csv names the manifest',
  });
}
