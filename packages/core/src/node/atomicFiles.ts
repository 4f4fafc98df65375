import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/**
 * Writes a file atomically and durably: temporary file in the same folder, fsync, rename, fsync of the folder. Creates
 * missing folders.
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
