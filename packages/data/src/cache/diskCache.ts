import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';

const CHECKSUM_BYTES = 32;
let written = 0;

/**
 * Bytes kept under a name, or undefined where there are none or they are damaged: a file holds the SHA-256 of its
 * content and the content.
 */
export async function readDiskCache(folder: string, key: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(pathOf(folder, key)).catch(() => undefined);
  if (bytes === undefined || bytes.length < CHECKSUM_BYTES) return undefined;
  const content = bytes.subarray(CHECKSUM_BYTES);
  return checksum(content).equals(bytes.subarray(0, CHECKSUM_BYTES)) ? content : undefined;
}

/**
 * Keeps bytes under a name: the file is there whole or not at all. It is not forced to the disk, since what a loss of
 * power damages is noticed and made again.
 */
export async function writeDiskCache(
  folder: string,
  key: string,
  content: Uint8Array,
): Promise<void> {
  const path = pathOf(folder, key);
  const temporary = `${path}.${process.pid}-${threadId}-${written++}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, Buffer.concat([checksum(content), content]));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const pathOf = (folder: string, key: string): string =>
  join(folder, 'images', key.slice(0, 2), key);
const checksum = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest();
