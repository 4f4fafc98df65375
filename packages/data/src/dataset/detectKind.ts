import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetPlace } from './datasetPlace.js';
import { eyeManifests } from './eyeManifests.js';
import { listNames } from './listNames.js';
import { recogniseFolder } from './recogniseFolder.js';
import { recogniseManifest } from './recogniseManifest.js';

const isManifest = (file: string): boolean =>
  ['.csv', '.tsv'].includes(extname(file).toLowerCase());

/**
 * Finds out what a path holds. A public data set is recognised by names that no other has; else a CSV file is a
 * manifest; a folder with one CSV and images/ or at most one folder beside it is that manifest's; a folder without a CSV
 * has one folder a class.
 * @throws InputError when there is nothing there, or when it could be either.
 */
export async function detectKind(options: ResolvedDataOptions): Promise<DatasetPlace> {
  const { path, kind, csv } = options;
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error)
    throw new InputError({
      path: 'data.path',
      message: describeMissing(path, found),
      hint: 'a folder of class folders, a folder with a CSV, or a CSV file',
    });
  if (found.isFile()) return placeOfFile(options);
  if (
    kind === 'folder' ||
    kind === 'messidor' ||
    kind === 'messidor2' ||
    kind === 'covid19-radiography'
  )
    return { kind, folder: path, notes: [] };
  if (csv !== undefined) return placeOfManifest(join(path, csv), kind);
  return kind === 'eyepacs' || kind === 'aptos'
    ? findEyeManifest(path, kind)
    : lookInside(path, kind);
}

async function placeOfFile({ path, kind, csv }: ResolvedDataOptions): Promise<DatasetPlace> {
  const needsFolder = kind === 'folder' || kind === 'messidor' || kind === 'covid19-radiography';
  if (!isManifest(path))
    throw new InputError({
      path: 'data.path',
      message: `"${path}" is neither a folder nor a .csv or .tsv file`,
    });
  if (needsFolder || csv !== undefined)
    throw new InputError({
      path: 'data.path',
      message: `"${path}" is a file, which ${needsFolder ? `kind "${kind}"` : 'the option csv'} cannot start from`,
    });
  return kind === 'messidor2'
    ? { kind, folder: dirname(path), grades: basename(path), notes: [] }
    : placeOfManifest(path, kind);
}

async function placeOfManifest(
  manifest: string,
  kind: 'auto' | 'csv' | 'eyepacs' | 'aptos',
): Promise<DatasetPlace> {
  return (
    (kind === 'auto' ? await recogniseManifest(manifest) : undefined) ?? {
      kind: kind === 'auto' ? 'csv' : kind,
      manifest,
      notes: [],
    }
  );
}

async function findEyeManifest(path: string, kind: 'eyepacs' | 'aptos'): Promise<DatasetPlace> {
  const { manifest, usual } = eyeManifests[kind];
  const fitting = (await listNames(path)).filter((name) => manifest.test(name));
  if (fitting.length === 1) return { kind, manifest: join(path, fitting[0]), notes: [] };
  throw new InputError({
    path: 'data.path',
    message: `"${path}" holds ${fitting.length === 0 ? `no ${usual}` : fitting.join(', ')}`,
    hint: 'name the manifest with the option csv',
  });
}

async function lookInside(path: string, kind: 'auto' | 'csv'): Promise<DatasetPlace> {
  const names = await listNames(path);
  const folders = await findFolders(path, names);
  const recognised = kind === 'auto' ? await recogniseFolder(path, { names, folders }) : undefined;
  if (recognised !== undefined) return recognised;
  const manifests = names.filter(isManifest);
  const isManifests =
    kind === 'csv' || folders.length < 2 || folders.some((name) => name.toLowerCase() === 'images');
  if (manifests.length === 1 && isManifests)
    return { kind: 'csv', manifest: join(path, manifests[0]), notes: [] };
  if (manifests.length === 0 && kind === 'auto') return { kind: 'folder', folder: path, notes: [] };
  const there = `${manifests.length} CSV ${manifests.length === 1 ? 'file' : 'files'}${manifests.length > 0 ? ` (${manifests.join(', ')})` : ''} and ${folders.length} ${folders.length === 1 ? 'folder' : 'folders'}`;
  throw new InputError({
    path: 'data.path',
    message: `"${path}" holds ${there}`,
    hint:
      kind === 'csv'
        ? 'name the manifest with the option csv'
        : 'say kind "folder" (a folder a class), or name the manifest with the option csv',
  });
}

async function findFolders(path: string, names: readonly string[]): Promise<string[]> {
  const kinds = await Promise.all(
    names.map((name) =>
      stat(join(path, name)).then(
        (entry) => entry.isDirectory(),
        () => false,
      ),
    ),
  );
  return names.filter((_, index) => kinds[index]);
}

function describeMissing(path: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' || error.code === 'ENOTDIR'
    ? `there is no file or folder "${path}"`
    : `"${path}" cannot be opened: ${error.message}`;
}
