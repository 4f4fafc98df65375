import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { parse } from 'yaml';
import { describeRunFolder } from './describeRunFolder.js';
import { runFiles } from './runFiles.js';
import type { RunFolder } from './runFolder.js';

/**
 * Opens the run in a folder.
 * @throws InputError when there is none, or its `config.yaml` or `environment.json` cannot be read.
 */
export async function openRunFolder(path: string): Promise<RunFolder> {
  const folder = resolve(path);
  const config = await readPart(`${folder}/${runFiles.config}`, parse);
  const environment = await readPart(`${folder}/${runFiles.environment}`, JSON.parse);
  return describeRunFolder({ path: folder, config, environment });
}

async function readPart(file: string, read: (text: string) => unknown): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const [folder, allowed] = [dirname(file), 'the folder of a run, as training makes it'];
    if (code !== 'ENOENT')
      throw new InputError(
        { path: file, message: `cannot be read: ${code}`, hint: allowed },
        { cause: error },
      );
    throw new InputError(
      {
        path: folder,
        message: existsSync(folder) ? `is no run: it has no ${basename(file)}` : 'does not exist',
        hint: allowed,
      },
      { cause: error },
    );
  }
  try {
    return read(text);
  } catch (error) {
    throw new InputError(
      { path: file, message: `is not what a run writes: ${(error as Error).message}` },
      { cause: error },
    );
  }
}
