import { join } from 'node:path';
import { cacheRoot } from '@nonlocal-med/core/node';

/** The folder that this package's caches live in, below the one of all packages (`cacheRoot`). */
export function defaultCacheFolder(
  environment?: NodeJS.ProcessEnv,
  platform?: NodeJS.Platform,
): string {
  return join(cacheRoot(environment, platform), 'data');
}
