import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheRoot } from './cacheRoot.js';

it.each([
  [{ NONLOCAL_MED_CACHE: '/c', XDG_CACHE_HOME: '/x' }, 'linux', '/c'],
  [{ XDG_CACHE_HOME: '/x', HOME: '/h' }, 'linux', '/x/nonlocal-med'],
  [{ HOME: '/h' }, 'linux', '/h/.cache/nonlocal-med'],
  [{ HOME: '/h', XDG_CACHE_HOME: '/x' }, 'darwin', '/h/Library/Caches/nonlocal-med'],
  [{ HOME: '/h', LOCALAPPDATA: '/l' }, 'win32', '/l/nonlocal-med/Cache'],
  [{ HOME: '/h' }, 'win32', '/h/AppData/Local/nonlocal-med/Cache'],
  [{}, 'linux', join(homedir(), '.cache/nonlocal-med')],
] as const)('with %j on %s is %s', (env, platform, expected) => {
  expect(cacheRoot(env, platform)).toBe(expected);
});
