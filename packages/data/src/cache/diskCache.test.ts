import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Contrast, defaultPreprocessing } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../image/decodeImage.js';
import { preprocess } from '../image/preprocess.js';
import { encodeImage } from '../testing/imageTree.js';
import { cacheKey, defaultCacheFolder } from './diskCache.js';

const key = (changes: Partial<typeof defaultPreprocessing>, hash = 'a'): string =>
  cacheKey(hash, { ...defaultPreprocessing, ...changes });

describe('cacheKey', () => {
  it('depends on the content and on what changes the pixels, and on nothing else', () => {
    const keys = [
      key({}),
      key({}, 'b'),
      key({ size: [386, 128] }),
      key({ color: 'grey' }),
      key({ contrast: 'none' }),
      key({ contrast: 'local-mean' }),
      key({ clipLimit: 4 }),
      key({ tiles: [4, 8] }),
      key({ fit: 'letterbox' }),
      key({ fit: 'center-crop' }),
      key({ fit: 'fundus-crop' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(key({ mean: [0, 0, 0], std: [1, 1, 1] })).toBe(key({}));
    expect(key({ fit: 'stretch' })).toBe(key({}));
    expect(key({ contrast: 'none', clipLimit: 4 })).toBe(key({ contrast: 'none' }));
  });

  // If this fails, preprocessing gives different pixels than before: raise ALGORITHM_VERSION, then update the hashes.
  it.each([
    ['clahe', '1b26d97b190e8cfb'],
    ['local-mean', 'e847deec68cd86eb'],
    ['none', '1023838ba0953051'],
  ] as const)(
    'has a version that identifies these pixels (%s)',
    async (contrast: Contrast, expected) => {
      const pixels = await decodeImage(await encodeImage({ seed: 1, width: 90, height: 70 }));
      const { data } = preprocess(pixels, { ...defaultPreprocessing, size: [48, 56], contrast });
      expect(createHash('sha256').update(data).digest('hex').slice(0, 16)).toBe(expected);
    },
  );
});

describe('defaultCacheFolder', () => {
  it('follows the environment and the operating system', () => {
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
