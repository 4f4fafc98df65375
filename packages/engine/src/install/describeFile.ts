import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledFile } from '../installation.js';
import { hashFile } from './hashFile.js';

/** Flushes a file to the disk and describes it for a manifest. */
export async function describeFile(folder: string, path: string): Promise<InstalledFile> {
  const handle = await open(join(folder, path), 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return {
    path,
    size: (await stat(join(folder, path))).size,
    sha256: await hashFile(join(folder, path)),
  };
}
