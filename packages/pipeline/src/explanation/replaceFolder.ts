import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { syncFolder } from '@nonlocal-med/core/node';

/**
 * Makes a folder whole or not at all: `fill` writes into one beside it, which then takes the place of what is there.
 * Whatever `fill` throws leaves the old one as it was.
 * @param mark a file that a folder of this kind holds; one without it is not replaced.
 * @throws InputError when the folder holds something else.
 */
export async function replaceFolder<T>(
  folder: string,
  mark: string,
  fill: (place: string) => Promise<T>,
): Promise<T> {
  await requireReplaceable(folder, mark);
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(join(dirname(folder), '.partial-'));
  const [made, old] = [join(work, 'made'), join(work, 'old')];
  try {
    await mkdir(made);
    const result = await fill(made);
    await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(made, folder);
    await syncFolder(dirname(folder));
    return result;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function requireReplaceable(folder: string, mark: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new InputError(
      { path: folder, message: 'is not a folder that can be written', hint: 'a new folder' },
      { cause: error },
    );
  }
  const marked = await access(join(folder, mark)).then(
    () => true,
    () => false,
  );
  if (entries.length > 0 && !marked)
    throw new InputError({
      path: folder,
      message: `holds something else (no ${mark}), which would be replaced`,
      hint: 'a new folder',
    });
}
