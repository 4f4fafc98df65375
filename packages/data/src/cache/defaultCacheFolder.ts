import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that this package's caches live in: `data` in `NONLOCAL_MED_CACHE`, or in `nonlocal-med` in the place that
 * the system has for caches (XDG on Linux, `Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows).
 */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  return join(environment.NONLOCAL_MED_CACHE || systemFolder(environment, platform), 'data');
}

function systemFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = environment.HOME || homedir();
  if (platform === 'win32') return join(environment.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'nonlocal-med', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'nonlocal-med');
  return join(environment.XDG_CACHE_HOME || join(home, '.cache'), 'nonlocal-med');
}
