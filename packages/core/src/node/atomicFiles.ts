import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/**
 * Writes a file whole or not at all: temporary file in the same folder, fsync, rename, fsync of the folder. Missing
 * folders are made.
 */
export async function writeAtomic(file: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(
    file,
    typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  await syncFolder(folder);
}

/**
 * Puts a finished folder in the place of another, which may exist. All three paths must be on one file system.
 * @param source the new folder
 * @param target the path it gets
 * @param aside an unused path for the old folder, which the caller removes
 */
export async function replaceFolder(source: string, target: string, aside: string): Promise<void> {
  await syncFolder(source);
  await rename(target, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(source, target);
  await syncFolder(dirname(target));
}

/** What systems answer that cannot do it: Windows, and some network file systems. */
const CANNOT: readonly string[] = [
  'EPERM',
  'EISDIR',
  'EINVAL',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EBADF',
];

/** Makes the names in a folder durable (fsync of the folder). Does nothing where the system cannot. */
export async function syncFolder(folder: string): Promise<void> {
  let handle;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!CANNOT.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}
