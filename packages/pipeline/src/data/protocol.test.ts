import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RawOptions } from '../config/mergeOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import type { RunOutcome } from '../run/completeRun.js';
import { startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { openRunData } from './runData.js';

const root = await temporaryFolder('protocol');

/** 48 synthetic images of 24 patients with two images each, in two classes. */
const images = Array.from({ length: 48 }, (_, index) => {
  const { pixels } = tinyLesionsImage({ size: 64, seed: 5, index, classes: 2 });
  return {
    id: `${index % 4 < 2 ? 'none' : 'some'}/p${Math.floor(index / 2)}_${index % 2}.png`,
    pixels,
  };
});

async function writeImages(
  folder: string,
  inverted: ReadonlySet<string> = new Set(),
): Promise<string> {
  for (const {
    id,
    pixels: { data, width, height },
  } of images) {
    await mkdir(dirname(join(folder, id)), { recursive: true });
    const shown = inverted.has(id) ? data.map((value) => 255 - value) : data;
    await sharp(shown, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(folder, id));
  }
  return folder;
}

const original = await writeImages(join(root, 'original'));
const configOf = (path: string, ...changes: readonly RawOptions[]): RunConfig => {
  const small = {
    model: { name: 'shufflenetv2', width: 0.5 },
    preprocessing: { size: 32, contrast: 'none' },
  };
  return {
    ...tinyConfig(small, ...changes),
    data: {
      path,
      kind: 'folder',
      groupPattern: '^(p\\d+)_',
      onBadImage: 'fail',
      nearDuplicates: 'keep',
      cacheFolder: null,
      workers: 0,
    },
  };
};
const splitOf = async (
  config: RunConfig,
): Promise<Record<'train' | 'validation' | 'test', string[]>> => {
  const { split } = await openRunData(config);
  return {
    train: split.train.map(({ id }) => id),
    validation: split.validation.map(({ id }) => id),
    test: split.test.map(({ id }) => id),
  };
};
const patients = (ids: readonly string[]): Set<string> =>
  new Set(ids.map((id) => /p\d+/.exec(id)![0]));

describe('the protocol', () => {
  it.each([0, 1, 2, 3, 4])(
    'repeat %i has its own split, whose parts share no patient',
    async (repeat) => {
      const { train, validation, test } = await splitOf(
        configOf(original, { split: { repeat, test: 0.25, validation: 0.2 } }),
      );
      expect([...train, ...validation, ...test].sort()).toEqual(images.map(({ id }) => id).sort());
      for (const [a, b] of [
        [train, validation],
        [train, test],
        [validation, test],
      ])
        expect([...patients(a)].filter((patient) => patients(b).has(patient))).toEqual([]);
      expect(test.map((id) => id.split('/')[0]).sort()).toEqual([
        ...new Array<string>(6).fill('none'),
        ...new Array<string>(6).fill('some'),
      ]);
      const others = await Promise.all(
        [0, 1, 2, 3, 4]
          .filter((other) => other !== repeat)
          .map((other) =>
            splitOf(configOf(original, { split: { repeat: other, test: 0.25, validation: 0.2 } })),
          ),
      );
      for (const other of others) expect(other.test).not.toEqual(test);
    },
  );

  it('has the same split for several seeds if the split has a seed, and tests every image once in folds', async () => {
    const fixed = await Promise.all(
      [0, 1, 2].map((seed) => splitOf(configOf(original, { seed, split: { seed: 7 } }))),
    );
    expect(fixed[1]).toEqual(fixed[0]);
    expect(fixed[2]).toEqual(fixed[0]);
    const folds = await Promise.all(
      [0, 1, 2, 3].map((repeat) => splitOf(configOf(original, { split: { folds: 4, repeat } }))),
    );
    expect(folds.flatMap(({ test }) => test).sort()).toEqual(images.map(({ id }) => id).sort());
  });

  it('trains and selects without the test set: other test images give the same weights and best epoch', async () => {
    const { test } = await splitOf(configOf(original));
    expect(test.length).toBeGreaterThan(8);
    const changed = await writeImages(join(root, 'changed'), new Set(test));
    const runs = [
      { path: original, folder: join(root, 'first') },
      { path: changed, folder: join(root, 'second') },
    ];
    const outcomes: RunOutcome[] = [];
    for (const { folder, path } of runs) outcomes.push(await startRun(configOf(path), { folder }));
    const weights = await Promise.all(
      runs.map(async ({ folder }) =>
        createHash('sha256')
          .update(await readFile(join(folder, 'model/weights.safetensors')))
          .digest('hex'),
      ),
    );
    expect(weights[1]).toBe(weights[0]);
    expect(outcomes[1].metrics!.selectedEpoch).toBe(outcomes[0].metrics!.selectedEpoch);
    const validation = await Promise.all(
      runs.map(async ({ folder }) =>
        (await readFile(join(folder, 'events.jsonl'), 'utf8'))
          .split('\n')
          .filter((line) => line.includes('"type":"epoch"'))
          .map((line) => (JSON.parse(line) as { validation: unknown }).validation),
      ),
    );
    expect(validation[0]).toHaveLength(2);
    expect(validation[1]).toEqual(validation[0]);
    const predictions = await Promise.all(
      runs.map(({ folder }) => readFile(join(folder, 'predictions/test-selected.csv'), 'utf8')),
    );
    expect(predictions[1]).not.toBe(predictions[0]);
  });
});
