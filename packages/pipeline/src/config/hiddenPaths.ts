import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot, writeAtomic } from '@nonlocal-med/core/node';
import { mergeOptions, type RawOptions, setOption } from './mergeOptions.js';
import { optionPaths } from './resolveOptionPaths.js';

/** What stands for a path in files that may be given away; which path it is, only the cache of its user knows. */
const HIDDEN = /^hidden:[0-9a-f]{32}$/;

/** Whether the value of an option stands for a path that is not written down. */
export const isHiddenPath = (value: unknown): boolean =>
  typeof value === 'string' && HIDDEN.test(value);

const folder = (): string => join(cacheRoot(), 'paths');
const fileOf = (hidden: string): string => join(folder(), hidden.slice('hidden:'.length));

/**
 * Options in which hashes stand for paths, which may name patients. The paths are kept in the user's cache folder, so that
 * {@link revealPaths} finds them on the same machine.
 */
export async function hidePaths<Options extends object>(options: Options): Promise<Options> {
  let hidden = options as RawOptions;
  for (const option of optionPaths) {
    const path = valueOf(options as RawOptions, option);
    if (typeof path !== 'string' || path === 'imagenet' || isHiddenPath(path)) continue;
    const hash = createHmac('sha256', await secret())
      .update(path)
      .digest('hex')
      .slice(0, 32);
    await writeAtomic(join(folder(), hash), path);
    hidden = mergeOptions(hidden, setOption(option, `hidden:${hash}`));
  }
  return hidden as Options;
}

/**
 * Options with their paths again, as far as they are known.
 * @param known options of the same run that have their paths, where there are any
 */
export function revealPaths(options: RawOptions, known: RawOptions = {}): RawOptions {
  const revealed = optionPaths.map((option): RawOptions => {
    const hidden = valueOf(options, option);
    if (!isHiddenPath(hidden)) return {};
    const path = valueOf(known, option) ?? pathBehind(hidden as string);
    return path === undefined ? {} : setOption(option, path);
  });
  return mergeOptions(options, ...revealed);
}

function pathBehind(hidden: string): string | undefined {
  try {
    return readFileSync(fileOf(hidden), 'utf8');
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

const valueOf = (options: RawOptions, option: string): unknown =>
  option
    .split('.')
    .reduce<unknown>((inner, key) => (inner as RawOptions | null | undefined)?.[key], options);
