import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileSummary } from './manifest.js';

/** Pieces of a file in their order. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Writes a new file piece by piece, makes it durable (fsync), and tells its length and SHA-256. */
export async function writeSynced(file: string, chunks: Chunks): Promise<FileSummary> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
