import { parseRunConfig, type RawOptions } from '@nonlocal-med/pipeline';
import { expect, it } from 'vitest';
import { measuredOptions } from './measuredOptions.js';

const { signal } = new AbortController();
const raw = (training: RawOptions): RawOptions => ({
  data: { kind: 'tiny-lesions', images: 40, size: 64 },
  split: { test: 0.5, validation: 0 },
  preprocessing: { size: 32, contrast: 'none' },
  model: { name: 'shufflenetv2', width: 0.5 },
  explanations: { images: 0 },
  training,
});
const settle = (
  training: RawOptions,
  flags: Omit<Parameters<typeof measuredOptions>[1], 'signal' | 'json'>,
): ReturnType<typeof measuredOptions> =>
  measuredOptions(raw(training), { ...flags, signal, json: true });

it('measures a batch size and a number of epochs, and puts numbers in their place', async () => {
  // The epochs are those of a file, such as the config.yaml of another run.
  const settled = await settle({ batchSize: 'auto', epochs: 3 }, { hours: 2, memoryLimit: 64 });
  const { training } = parseRunConfig(settled);
  expect(training.batchSize).toBe(2); // 20 training images: more would leave fewer than 10 steps
  expect(training.epochs).toBeGreaterThan(10);
});

it('measures nothing where nothing is wanted', async () => {
  expect(await settle({ batchSize: 3 }, {})).toEqual(raw({ batchSize: 3 }));
});

it.each([
  [{}, { memoryLimit: 2 }, '--memory-limit: has no effect (only with --batch auto)'],
  [{}, { hours: 2, epochs: 7 }, '--hours: got 2, and --epochs 7 (one of both'],
  [{}, { hours: 2, set: ['training.epochs=7'] }, '--hours: got 2, and training.epochs=7 (one of'],
  [{ batchSize: 'auto' }, { processes: 2 }, '--batch auto: cannot be measured for --processes'],
  [{}, { hours: 2, slurm: '' }, '--hours: cannot be measured for --slurm'],
])('refuses %j with %j', async (training, flags, message) => {
  await expect(settle(training, flags)).rejects.toThrow(message);
});
