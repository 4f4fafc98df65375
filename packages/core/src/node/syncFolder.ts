import { open } from 'node:fs/promises';

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
