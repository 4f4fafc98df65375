import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for files that can be downloaded or computed again: `NONLOCAL_MED_CACHE`, or `nonlocal-med` in the system's
 * cache folder (XDG on Linux, `Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows).
 */
export function cacheRoot(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.NONLOCAL_MED_CACHE) return env.NONLOCAL_MED_CACHE;
  const home = env.HOME || homedir();
  if (platform === 'win32')
    return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'nonlocal-med', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'nonlocal-med');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'nonlocal-med');
}
