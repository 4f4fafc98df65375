import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { cacheRoot, writeAtomic } from '@nonlocal-med/core/node';
import { isPlainObject, type RawOptions } from './mergeOptions.js';

/** What stands for a path in files that may be given away; which path it is, only the cache of its user knows. */
const HIDDEN = /^hidden:([0-9a-f]{32})$/;

/** Names of options of runs and experiments whose values are paths, or contain paths. */
const PATH_OPTIONS = ['path', 'cacheFolder', 'splitFile', 'weights', 'predictions'];

/** Whether the value of an option stands for a path that is not written down. */
export const isHiddenPath = (value: unknown): boolean =>
  typeof value === 'string' && HIDDEN.test(value);

/**
 * Options of a run or an experiment in which hashes stand for absolute paths, which may name patients. The paths are kept in
 * the user's cache folder, so that {@link revealPaths} finds them on the same machine.
 */
export async function hidePaths<Options extends object>(options: Options): Promise<Options> {
  const key = await secret();
  const paths = new Map<string, string>();
  const hide = (value: unknown, isPath: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => hide(item, isPath));
    if (isPlainObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          hide(inner, isPath || PATH_OPTIONS.includes(name)),
        ]),
      );
    if (!isPath || typeof value !== 'string' || !isAbsolute(value)) return value;
    const hash = createHmac('sha256', key).update(value).digest('hex').slice(0, 32);
    paths.set(hash, value);
    return `hidden:${hash}`;
  };
  const hidden = hide(options, false) as Options;
  for (const [hash, path] of paths) await writeAtomic(join(folder(), hash), path);
  return hidden;
}

/**
 * Options with their paths again, as far as they are known.
 * @param known the same options with their paths, where there are any
 */
export function revealPaths(options: RawOptions, known: RawOptions = {}): RawOptions {
  return reveal(options, known) as RawOptions;
}

function reveal(value: unknown, known: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item, i) => reveal(item, Array.isArray(known) ? known[i] : undefined));
  if (isPlainObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        reveal(inner, isPlainObject(known) ? known[name] : undefined),
      ]),
    );
  const hash = typeof value === 'string' ? HIDDEN.exec(value)?.[1] : undefined;
  if (hash === undefined) return value;
  return typeof known === 'string' ? known : (pathBehind(hash) ?? value);
}

const folder = (): string => join(cacheRoot(), 'paths');

function pathBehind(hash: string): string | undefined {
  try {
    return readFileSync(join(folder(), hash), 'utf8');
  } catch {
    return undefined; // another machine, user or cache folder
  }
}

/** A key without which nobody can tell whether a hash is that of a path they guess. */
async function secret(): Promise<Buffer> {
  const file = join(folder(), 'key');
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  await writeFile(file, randomBytes(32), { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return readFile(file);
}
