import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { ImageCheck } from './checkImage.js';
import type { ImageFacts } from './openedDataset.js';

/** Raised when a check finds out more, or something else, than before. */
const VERSION = 2;

type Entry = readonly [stamp: string, facts: ImageFacts];

interface CheckCache {
  /** The check of a file that has not changed since; undefined where none is known. */
  get(file: string): Promise<ImageCheck | undefined>;
  /** Keeps the checks of good images; a folder that cannot be written is no issue, the next start is then slower. */
  save(files: readonly string[], checks: readonly ImageCheck[]): Promise<void>;
}

/**
 * What earlier checks found out, one file for each data set. A file of the cache that is damaged or of another version
 * counts as none. Bad images are looked at again each time.
 */
export async function openCheckCache(
  folder: string | null,
  files: readonly string[],
): Promise<CheckCache> {
  if (folder === null || files.length === 0)
    return { get: () => Promise.resolve(undefined), save: () => Promise.resolve() };
  const place = join(
    folder,
    'checks',
    `${createHash('sha256').update(commonFolder(files)).digest('hex').slice(0, 24)}.json`,
  );
  const entries = await readEntries(place);
  return {
    async get(file) {
      const entry = entries.get(file);
      return entry !== undefined && entry[0] === (await stampOf(file))
        ? { facts: entry[1] }
        : undefined;
    },
    async save(checked, checks) {
      for (const [index, check] of checks.entries()) {
        const stamp = 'facts' in check ? await stampOf(checked[index]) : undefined;
        if ('facts' in check && stamp !== undefined)
          entries.set(checked[index], [stamp, check.facts]);
      }
      await writeAtomic(place, JSON.stringify({ version: VERSION, entries: [...entries] })).catch(
        () => undefined,
      );
    },
  };
}

async function readEntries(place: string): Promise<Map<string, Entry>> {
  try {
    const { version, entries } = JSON.parse(await readFile(place, 'utf8')) as {
      version: number;
      entries: [string, Entry][];
    };
    return new Map(
      version === VERSION
        ? entries.filter(
            ([, entry]) =>
              typeof entry[1]?.hash === 'string' && typeof entry[1].perceptual === 'string',
          )
        : [],
    );
  } catch {
    return new Map();
  }
}

/** Size and time of change in nanoseconds; undefined where there is no file. */
const stampOf = (file: string): Promise<string | undefined> =>
  stat(file, { bigint: true }).then(
    ({ size, mtimeNs }) => `${size} ${mtimeNs}`,
    () => undefined,
  );

function commonFolder(files: readonly string[]): string {
  let common = dirname(files[0]);
  for (const file of files)
    while (common !== dirname(common) && !file.startsWith(join(common, '/')))
      common = dirname(common);
  return common;
}
