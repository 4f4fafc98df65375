import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import type { RawOptions } from '../config/mergeOptions.js';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { openRunData } from './runData.js';

const folder = await temporaryFolder('open-run-data');
const ids = (samples: readonly { id: string }[]): string[] => samples.map(({ id }) => id);

describe('openRunData', () => {
  it('opens and splits a folder of images, using each image once', async () => {
    const config = parseRunConfig({
      data: { path: await imageFolder(join(folder, 'images')), cacheFolder: null },
      split: { test: 0.25, validation: 0.25 },
    });
    const checked: number[] = [];
    const { dataset, split, notes } = await openRunData(config, {
      onProgress: (done) => checked.push(done),
    });
    expect(dataset.classes).toEqual(['none', 'some']);
    expect(checked.at(-1)).toBe(24);
    expect([split.test.length, split.validation.length, split.train.length]).toEqual([6, 5, 13]);
    expect(ids([...split.train, ...split.validation, ...split.test]).sort()).toEqual(
      ids(dataset.samples).sort(),
    );
    expect(notes.join()).toContain('patient');
  });

  it('lists skipped images, or fails with all unreadable images', async () => {
    const path = await imageFolder(join(folder, 'damaged'));
    await writeFile(join(path, 'none', 'image-0.png'), 'not an image');
    await writeFile(join(path, 'some', 'broken.png'), '');
    const open = (onBadImage: string): ReturnType<typeof openRunData> =>
      openRunData(
        parseRunConfig({ data: { path, onBadImage, cacheFolder: null }, split: { test: 0.3 } }),
      );
    const { dataset } = await open('skip');
    expect(dataset.skipped.map(({ file }) => file.replace(path, ''))).toEqual([
      '/none/image-0.png',
      '/some/broken.png',
    ]);
    expect(dataset.samples).toHaveLength(23);
    const error = await open('fail').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).issues).toHaveLength(2);
  });

  it('opens the synthetic images; the split depends on the seed of the run unless it has a seed', async () => {
    const open = async (...changes: RawOptions[]): Promise<string[]> =>
      ids((await openRunData(tinyConfig(...changes))).split.test);
    const first = await open({ seed: 1 });
    expect(first).toHaveLength(12);
    expect(await open({ seed: 1 })).toEqual(first);
    expect(await open({ seed: 2 })).not.toEqual(first);
    expect(await open({ seed: 2, split: { seed: 1 } })).toEqual(first);
  });
});
