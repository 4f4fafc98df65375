import { join } from 'node:path';
import { hashFile } from './install/hashFile.js';
import type { Installation } from './installation.js';

/** Compares every file of an installation with its manifest. @returns the first that differs, in one sentence. */
export async function verifyHashes({
  folder,
  manifest,
}: Installation): Promise<string | undefined> {
  for (const { path, sha256 } of manifest.files) {
    const file = join(folder, path);
    if ((await hashFile(file)) !== sha256) return `${file} has changed since it was installed`;
  }
  return undefined;
}
