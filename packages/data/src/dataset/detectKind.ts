import { InputError } from '@nonlocal-med/core';
import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import { listNames } from './listNames.js';

const isManifest = (file: string): boolean => ['.csv', '.tsv'].includes(extname(file).toLowerCase());

/** Where a data set is and how it is laid out. */
export type DatasetPlace = { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'csv'; readonly manifest: string };

/**
 * Finds out what a path holds: a CSV file is a manifest; a folder with one CSV and images/ or at most one folder
 * beside it is that manifest's; a folder without a CSV has one folder a class.
 * @throws InputError when there is nothing there, or when it could be either.
 */
export async function detectKind({ path, kind, csv }: ResolvedDataOptions): Promise<DatasetPlace> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) throw new InputError({ where: 'data.path', what: describeMissing(path, found), allowed: 'a folder of class folders, a folder with a CSV, or a CSV file' });
  if (found.isFile()) {
    if (isManifest(path) && kind !== 'folder' && csv === undefined) return { kind: 'csv', manifest: path };
    const what = isManifest(path) ? `"${path}" is a file, which kind "folder" or the option csv cannot start from` : `"${path}" is neither a folder nor a .csv or .tsv file`;
    throw new InputError({ where: 'data.path', what });
  }
  if (kind === 'folder') return { kind, folder: path };
  if (csv !== undefined) return { kind: 'csv', manifest: join(path, csv) };
  return lookInside(path, kind);
}

async function lookInside(path: string, kind: 'auto' | 'csv'): Promise<DatasetPlace> {
  const entries = await listNames(path);
  const manifests = entries.filter(isManifest);
  const folders = await findFolders(path, entries);
  const isManifests = kind === 'csv' || folders.length < 2 || folders.some((name) => name.toLowerCase() === 'images');
  if (manifests.length === 1 && isManifests) return { kind: 'csv', manifest: join(path, manifests[0]) };
  if (manifests.length === 0 && kind === 'auto') return { kind: 'folder', folder: path };
  const there = `${manifests.length} CSV ${manifests.length === 1 ? 'file' : 'files'}${manifests.length > 0 ? ` (${manifests.join(', ')})` : ''} and ${folders.length} ${folders.length === 1 ? 'folder' : 'folders'}`;
  throw new InputError({ where: 'data.path', what: `"${path}" holds ${there}`, allowed: kind === 'csv' ? 'name the manifest with the option csv' : 'say kind "folder" (a folder a class), or name the manifest with the option csv' });
}

async function findFolders(path: string, names: readonly string[]): Promise<string[]> {
  const kinds = await Promise.all(names.map((name) => stat(join(path, name)).then((entry) => entry.isDirectory(), () => false)));
  return names.filter((_, index) => kinds[index]);
}

function describeMissing(path: string, error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' || error.code === 'ENOTDIR' ? `there is no file or folder "${path}"` : `"${path}" cannot be opened: ${error.message}`;
}
