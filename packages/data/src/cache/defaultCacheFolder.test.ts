import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCacheFolder } from './defaultCacheFolder.js';

describe('defaultCacheFolder', () => {
  it('follows the environment and the system', () => {
    expect(defaultCacheFolder({ NONLOCAL_MED_CACHE: 'own' }, 'linux')).toBe(join('own', 'data'));
    expect(defaultCacheFolder({ XDG_CACHE_HOME: 'cache' }, 'linux')).toBe(
      join('cache', 'nonlocal-med', 'data'),
    );
    expect(defaultCacheFolder({ HOME: 'me' }, 'linux')).toBe(
      join('me', '.cache', 'nonlocal-med', 'data'),
    );
    expect(defaultCacheFolder({ HOME: 'me' }, 'darwin')).toBe(
      join('me', 'Library', 'Caches', 'nonlocal-med', 'data'),
    );
    expect(defaultCacheFolder({ LOCALAPPDATA: 'local' }, 'win32')).toBe(
      join('local', 'nonlocal-med', 'Cache', 'data'),
    );
  });
});
