import { randomInt } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UnavailableError } from '../errors.js';

/**
 * Writes a file atomically and durably: temporary file in the same folder, fsync, rename, fsync of the folder. Creates
 * missing folders, keeps the permissions of a file that it replaces, and replaces a symbolic link by a file.
 * @throws UnavailableError when the disk is full; a file that was there before is unchanged.
 */
export async function writeAtomic(file: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(file);
  const temporary = `${file}.${randomInt(2 ** 48 - 1)}.partial`; // unique even among machines that share the folder
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(data); // unlike a single write, it goes on after a disk took only a part of the bytes
      const before = await lstat(file).catch(() => undefined);
      if (before?.isFile() === true) await handle.chmod(before.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    if (!isDiskFull(error)) throw error;
    const kept = (await lstat(file).catch(() => null)) !== null;
    throw new UnavailableError(
      `No space left on the disk for ${file}. ${kept ? 'The file keeps its previous content' : 'It was not written'}: free some space (in ${folder}), then repeat the command.`,
      { cause: error },
    );
  }
  await syncFolder(folder);
}

const TEMPORARY = /\.\d+\.partial$/;
/** Younger ones may still be written. */
const TEMPORARY_MILLISECONDS = 60_000;

/** Removes what {@link writeAtomic} left in a folder and its subfolders when its process was killed, after a minute. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !TEMPORARY.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const { mtimeMs } = await lstat(file).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > TEMPORARY_MILLISECONDS) await rm(file, { force: true });
  }
}

/** Whether writing failed because the disk, or the share of it that the user may take, is full. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * Replaces a folder, which may be missing, by a finished one. All three paths must be on one file system.
 * @param source the new folder
 * @param target the path it moves to
 * @param aside an unused path to which the old folder moves; the caller removes it
 */
export async function replaceFolder(source: string, target: string, aside: string): Promise<void> {
  await syncFolder(source);
  await rename(target, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(source, target);
  await syncFolder(dirname(target));
}

/** Errors of systems that do not support it: Windows, and some network file systems. */
const UNSUPPORTED: readonly string[] = [
  'EPERM',
  'EISDIR',
  'EINVAL',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EBADF',
];

/** Makes the names in a folder durable (fsync of the folder). Does nothing where the system does not support it. */
export async function syncFolder(folder: string): Promise<void> {
  let handle;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!UNSUPPORTED.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}
