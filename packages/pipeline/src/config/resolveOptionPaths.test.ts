import { describe, expect, it } from 'vitest';
import { resolveOptionPaths } from './resolveOptionPaths.js';

const resolvePath = (path: string): string => `/user/${path}`;

describe('resolveOptionPaths', () => {
  it('resolves the data set, the lists of its split, weights and the cache', () => {
    const options = {
      data: { path: 'scans', splitFile: { training: 'train.txt', test: 'test.txt' } },
      model: { weights: 'w.pth' },
      loader: { cacheFolder: 'cache' },
    };
    expect(resolveOptionPaths(options, resolvePath)).toEqual({
      data: {
        path: '/user/scans',
        splitFile: { training: '/user/train.txt', test: '/user/test.txt' },
      },
      model: { weights: '/user/w.pth' },
      loader: { cacheFolder: '/user/cache' },
    });
  });

  it('resolves a split in one file, and leaves ImageNet weights and paths inside the data set', () => {
    const options = {
      data: { path: 'scans', splitFile: 'split.csv', images: 'images' },
      model: { weights: 'imagenet' },
    };
    expect(resolveOptionPaths(options, resolvePath)).toEqual({
      data: { path: '/user/scans', splitFile: '/user/split.csv', images: 'images' },
      model: { weights: 'imagenet' },
    });
  });
});
