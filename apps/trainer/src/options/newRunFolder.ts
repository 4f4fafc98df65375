import { mkdir, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { RunConfig } from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';

/**
 * A folder for a run that names none: `runs/<data>-<model>-<number>` in the user's folder, with the first number above
 * those in use. The number is taken by creating the folder, so that several runs may start at once.
 * @param options folds: `runs/<data>-<model>-folds-<number>`, for a cross-validation
 * @returns the absolute path of the empty folder
 */
export async function newRunFolder(
  config: RunConfig,
  {
    parent = resolveUserPath('runs'),
    folds = false,
  }: { readonly parent?: string; readonly folds?: boolean } = {},
): Promise<string> {
  const stem = `${dataName(config.data)}-${config.model.name}${folds ? '-folds' : ''}`;
  await mkdir(parent, { recursive: true });
  const used = (await readdir(parent))
    .filter((name) => name.startsWith(`${stem}-`))
    .map((name) => name.slice(stem.length + 1))
    .filter((rest) => /^\d{1,9}$/.test(rest))
    .map(Number);
  for (let number = Math.max(0, ...used) + 1; ; number++) {
    const folder = join(parent, `${stem}-${number}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** The name of a data set as part of a folder's name: letters, digits, ".", "_" and "-". */
function dataName(data: RunConfig['data']): string {
  if (data.kind === 'tiny-lesions') return data.kind;
  const {
    name = basename(data.path, /\.(csv|tsv|xlsx)$/i.test(data.path) ? extname(data.path) : ''),
  } = data;
  const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return plain === '' ? 'data' : plain;
}
