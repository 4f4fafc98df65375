import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { hashFile } from './hashFile.js';

/**
 * Compares a fetched file with what is pinned.
 * @throws UnavailableError with both values where it is another.
 */
export async function requireHash(
  file: string,
  pinned: { readonly size: number; readonly sha256: string },
): Promise<void> {
  const { size } = await stat(file);
  if (size !== pinned.size)
    throw new UnavailableError(
      `${basename(file)} as fetched has ${size} bytes instead of ${pinned.size}; nothing was installed`,
    );
  const sha256 = await hashFile(file);
  if (sha256 !== pinned.sha256)
    throw new UnavailableError(
      `${basename(file)} as fetched has SHA-256 ${sha256}, expected ${pinned.sha256}; nothing was installed`,
    );
}
