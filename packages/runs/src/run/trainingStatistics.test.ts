import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@nonlocal-med/testing';
import { expect, it } from 'vitest';
import { readTrainingStatistics, writeTrainingStatistics } from './trainingStatistics.js';
import type { TrainingStatistics } from './trainingStatisticsSchema.js';

const root = await temporaryFolder('training-statistics');
const file = join(root, 'training-statistics.json');
const group = {
  mean: [1 / 3, 2],
  std: [1, 1],
  low: [0, 1],
  high: [1, 3],
  covariance: [
    [1, 0.5],
    [0.5, 1],
  ],
  limit: 1.5,
};
const statistics: TrainingStatistics = {
  version: 1,
  images: 60,
  appearance: group,
  layout: group,
  limit: 1.1,
  heldOut: null,
};

it('reads what was written, to six digits, and nothing from a folder without statistics', async () => {
  expect(await readTrainingStatistics(root)).toBeNull();
  await writeTrainingStatistics(root, statistics);
  const read = await readTrainingStatistics(root);
  expect(read!.appearance.mean).toEqual([0.333333, 2]);
  expect(read).toEqual({
    ...statistics,
    appearance: { ...group, mean: [0.333333, 2] },
    layout: { ...group, mean: [0.333333, 2] },
  });
});

it('names what is damaged, and ignores fields of later versions', async () => {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('{', '{"note":"later",'));
  expect((await readTrainingStatistics(root))!.images).toBe(60);
  await writeFile(file, text.replace('"std":[1,1]', '"std":[1]'));
  await expect(readTrainingStatistics(root)).rejects.toThrow(/appearance.*same length/);
  await writeFile(file, text.slice(0, 50));
  await expect(readTrainingStatistics(root)).rejects.toThrow(/cannot be parsed/);
});
