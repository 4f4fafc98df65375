import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { syncFolder } from './syncFolder.js';

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
