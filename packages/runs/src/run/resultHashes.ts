import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile, readRegularFile, sha256, writeAtomic } from '@nonlocal-med/core/node';
import { runFiles } from './runFiles.js';

/** Hashes of a run's results, as `sha256sum --check` reads them; absent in runs of earlier versions. */
export const RESULT_HASHES_FILE = 'SHA256SUMS';

/** What is hashed besides `metrics.json`: files, and all files of folders. */
const hashedFiles = [runFiles.config, runFiles.environment, runFiles.images, runFiles.decision];
const hashedFolders = [runFiles.model, runFiles.predictions];

/**
 * Records the hashes of a run's results: a run is finished only while its files match them.
 * @param metricsText the content of `metrics.json`, which is written after the hashes and completes the run
 */
export async function writeResultHashes(folder: string, metricsText: string): Promise<void> {
  const inFolders = await Promise.all(
    hashedFolders.map(async (name) =>
      (await readdir(join(folder, name)).catch(() => [])).sort().map((file) => `${name}/${file}`),
    ),
  );
  const lines: string[] = [];
  for (const file of [...hashedFiles, ...inFolders.flat()]) {
    const hash = await hashOf(join(folder, file));
    if (hash !== null) lines.push(`${hash}  ${file}\n`);
  }
  lines.push(`${sha256(metricsText)}  ${runFiles.metrics}\n`);
  await writeAtomic(join(folder, RESULT_HASHES_FILE), lines.join(''));
}

/**
 * The results of a run that are missing or are not as the run wrote them: changed by hand, cut off by a full disk, or lost in
 * a copy. Paths are relative to the folder.
 * @param only looks at these results; default: all, which reads the weights, too
 */
export async function damagedResults(folder: string, only?: readonly string[]): Promise<string[]> {
  const text = await readRegularFile(join(folder, RESULT_HASHES_FILE), 'utf8').catch(() => '');
  const damaged: string[] = [];
  for (const [, expected, file] of text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm))
    if (only?.includes(file) !== false && (await hashOf(join(folder, file))) !== expected)
      damaged.push(file);
  return damaged;
}

/** Hashes of files that this process has read, which are not read again while size and time of change stay the same. */
const known = new Map<string, { readonly version: string; readonly hash: string }>();

/** SHA-256 of a file; null if it cannot be read. */
async function hashOf(file: string): Promise<string | null> {
  try {
    const { size, mtimeMs, ctimeMs } = await stat(file);
    const version = `${size} ${mtimeMs} ${ctimeMs}`;
    const before = known.get(file);
    if (before?.version === version) return before.hash;
    const hash = await hashFile(file);
    known.set(file, { version, hash });
    return hash;
  } catch {
    return null;
  }
}
