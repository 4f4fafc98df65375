import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@nonlocal-med/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hidePaths, isHiddenPath, revealPaths } from './hiddenPaths.js';

const root = await temporaryFolder('hidden-paths');
const before = process.env.NONLOCAL_MED_CACHE;
const useCache = (name: string): void => {
  process.env.NONLOCAL_MED_CACHE = join(root, name);
};
beforeAll(() => useCache('mine'));
afterAll(() => {
  if (before === undefined) delete process.env.NONLOCAL_MED_CACHE;
  else process.env.NONLOCAL_MED_CACHE = before;
});

const options = {
  data: { path: '/ward/Doe Jane', splitFile: { test: '/ward/test.txt' }, labelColumn: 'grade' },
  model: { name: 'resnet18', weights: 'imagenet' },
  loader: { workers: 2 },
};

describe('hidden paths', () => {
  it('stand for every path, are found again on this machine, and leave all else', async () => {
    const hidden = await hidePaths(options);
    expect(JSON.stringify(hidden)).not.toContain('ward');
    expect(isHiddenPath(hidden.data.path)).toBe(true);
    expect(isHiddenPath(hidden.data.splitFile.test)).toBe(true);
    expect(hidden).toMatchObject({ ...options, data: { labelColumn: 'grade' } });
    expect(revealPaths(hidden)).toEqual(options);
    expect(await hidePaths(options)).toEqual(hidden);
    expect(await hidePaths(hidden)).toEqual(hidden);
    expect((await stat(join(root, 'mine/paths/key'))).mode & 0o077).toBe(0);
  });

  it('stand for the paths of the rows of an experiment, but for no other text', async () => {
    const definition = {
      base: { data: { path: '/ward', groupPattern: '/([^/]+)/' } },
      weights: { resnet18: '/data/weights.pth' },
      rows: [{ key: 'hynet', predictions: ['/ward/hynet.csv'] }, { key: 'plain' }],
    };
    const hidden = await hidePaths(definition);
    expect(hidden.base.data.groupPattern).toBe('/([^/]+)/');
    expect(JSON.stringify(hidden)).not.toMatch(/ward|home/);
    expect(revealPaths(hidden)).toEqual(definition);
  });

  it('cannot be told by who guesses the path, and stay hidden elsewhere unless they are known', async () => {
    const hidden = await hidePaths(options);
    useCache('elsewhere');
    expect(await hidePaths(options)).not.toEqual(hidden);
    expect(revealPaths(hidden)).toEqual(hidden);
    expect(revealPaths(hidden, options)).toEqual(options);
    expect(await readFile(join(root, 'elsewhere/paths/key'))).not.toEqual(
      await readFile(join(root, 'mine/paths/key')),
    );
    useCache('mine');
  });
});
