import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { fileExists, replaceFolder } from '@nonlocal-med/core/node';
import { explanationFiles } from '@nonlocal-med/runs';

/**
 * Writes a folder of explanations as a whole or not at all: `write` fills a temporary folder, which then replaces the
 * existing one. If `write` throws, the existing folder stays as it is.
 * @throws InputError if the folder contains something other than explanations.
 */
export async function replaceExplanations<T>(
  folder: string,
  write: (folder: string) => Promise<T>,
): Promise<T> {
  await checkReplaceable(folder);
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(join(dirname(folder), '.partial-'));
  const created = join(temporary, 'new');
  try {
    await mkdir(created);
    const result = await write(created);
    await replaceFolder(created, folder, join(temporary, 'old'));
    return result;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function checkReplaceable(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new InputError(
      { path: folder, message: 'is not a writable folder', hint: 'a new folder' },
      { cause: error },
    );
  }
  if (names.length > 0 && !(await fileExists(join(folder, explanationFiles.index))))
    throw new InputError({
      path: folder,
      message: `contains something else (no ${explanationFiles.index}), which would be replaced`,
      hint: 'a new folder',
    });
}
