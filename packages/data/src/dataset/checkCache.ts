import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commonFolder, writeAtomic } from '@nonlocal-med/core/node';
import type { ImageCheck, ImageFacts, ImageSource } from './checkImage.js';

/** Raised when a check finds out more than before, or something else. */
const VERSION = 5;

type Entry = readonly [stamp: string, facts: ImageFacts];

interface CheckCache {
  /** The check of a file that has not changed since; undefined if there is none. */
  get(source: ImageSource): Promise<ImageCheck | undefined>;
  /** Stores the checks of good images. A folder that is not writable is not an issue: the next start is just slower. */
  save(sources: readonly ImageSource[], checks: readonly ImageCheck[]): Promise<void>;
}

/**
 * The results of earlier checks, in one file per data set. A cache file that is damaged or has a different version counts
 * as empty. Bad images are checked again each time.
 *
 * @param folder null for no cache
 */
export async function openCheckCache(
  folder: string | null,
  files: readonly ImageSource[],
): Promise<CheckCache> {
  if (folder === null || files.length === 0)
    return { get: () => Promise.resolve(undefined), save: () => Promise.resolve() };
  const key = createHash('sha256')
    .update(commonFolder(files.map(({ file }) => dirname(file))))
    .digest('hex')
    .slice(0, 24);
  const path = join(folder, 'checks', `${key}.json`);
  const entries = await readEntries(path);
  return {
    async get(source) {
      const entry = entries.get(keyOf(source));
      return entry !== undefined && entry[0] === (await stampOf(source.file))
        ? { facts: entry[1] }
        : undefined;
    },
    async save(checked, checks) {
      for (const [index, check] of checks.entries()) {
        const stamp = 'facts' in check ? await stampOf(checked[index].file) : undefined;
        if ('facts' in check && stamp !== undefined)
          entries.set(keyOf(checked[index]), [stamp, check.facts]);
      }
      await writeAtomic(path, JSON.stringify({ version: VERSION, entries: [...entries] })).catch(
        () => undefined,
      );
    },
  };
}

const keyOf = ({ file, frame }: ImageSource): string =>
  frame === undefined ? file : `${file} frame ${frame}`;

async function readEntries(path: string): Promise<Map<string, Entry>> {
  try {
    const { version, entries } = JSON.parse(await readFile(path, 'utf8')) as {
      version: number;
      entries: [string, Entry][];
    };
    if (version !== VERSION) return new Map();
    return new Map(
      entries.filter(
        ([, entry]) =>
          typeof entry[1]?.hash === 'string' && typeof entry[1].perceptual === 'string',
      ),
    );
  } catch {
    return new Map();
  }
}

/** Size and modification time in nanoseconds; undefined if the file does not exist. */
const stampOf = (file: string): Promise<string | undefined> =>
  stat(file, { bigint: true }).then(
    ({ size, mtimeNs }) => `${size} ${mtimeNs}`,
    () => undefined,
  );
