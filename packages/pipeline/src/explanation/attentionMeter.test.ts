import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingEvent } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { attentionStatistics } from '@nonlocal-med/explain';
import { temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createRunLoader } from '../data/runData.js';
import { createRunModel } from '../run/createRunModel.js';
import { prepareRunData, startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { openAttentionMeter } from './attentionMeter.js';
import { resizeMask } from './lesionMask.js';

const folder = join(await temporaryFolder('attention-meter'), 'run');
await useEngine(tinyConfig().engine);

const watched = (name: string) =>
  tinyConfig({ model: { name, width: 0.5 }, training: { epochs: 1, watchAttention: 6 } });

it('measures the mean entropy, and the attention on known lesions, over some validation images', async () => {
  const { config, data } = await prepareRunData(watched('shufflenetv2-nla'), {});
  const before = tf.memory().numTensors;
  const { model } = await createRunModel(config, data.dataset, {});
  const measure = (await openAttentionMeter(10, { config, data, model }))!;
  const measured = await measure();
  expect(await measure()).toEqual(measured);

  // Image by image, with one loader.
  const all = data.split.validation;
  expect(all.length).toBeGreaterThan(10);
  const samples = Array.from({ length: 10 }, (_, i) => all[Math.floor((i * all.length) / 10)]);
  const loader = createRunLoader(samples, config, { classes: ['a', 'b'], training: false });
  const single: Awaited<ReturnType<typeof attentionStatistics>> = [];
  for await (const { images, shape } of loader.epoch(0)) {
    const [count, height, width] = shape;
    for (let i = 0; i < count; i++) {
      const { mask } = samples[single.length];
      const image = tf.tensor4d(
        images.slice(i * height * width * 3, (i + 1) * height * width * 3),
        [...[1, height, width, 3]] as [number, number, number, number],
      );
      const masks = [resizeMask(mask as Exclude<typeof mask, string | undefined>, [height, width])];
      single.push(...(await attentionStatistics(model, image, { masks })));
      image.dispose();
    }
  }
  await loader.close();
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const lesions = single.flatMap(({ onLesions }) => (onLesions === null ? [] : [onLesions]));
  expect(lesions.length).toBeGreaterThan(0);
  expect(lesions.length).toBeLessThan(10); // images without dots have no lesions
  expect(measured.attentionEntropy).toBeCloseTo(mean(single.map(({ entropy }) => entropy)), 4);
  expect(measured.attentionOnLesions! / mean(lesions)).toBeCloseTo(1, 4);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('is logged by a run after every epoch, with the metrics of validation', async () => {
  const epochs: TrainingEvent[] = [];
  const notes: string[] = [];
  const onEvent = (event: TrainingEvent): void => {
    if (event.type === 'epoch') epochs.push(event);
  };
  const before = tf.memory().numTensors;
  await startRun(watched('shufflenetv2-nla'), { folder, onEvent });
  expect(tf.memory().numTensors).toBe(before);
  expect(epochs).toMatchObject([
    {
      validation: {
        auc: expect.any(Number) as number,
        attentionEntropy: expect.any(Number) as number,
        attentionOnLesions: expect.any(Number) as number,
      },
    },
  ]);
  expect(await readFile(join(folder, 'events.jsonl'), 'utf8')).toContain('"attentionEntropy":');

  await startRun(watched('shufflenetv2'), {
    folder: `${folder}-plain`,
    onNote: (note) => notes.push(note),
  });
  expect(notes).toContain('shufflenetv2 has no attention to watch (training.watchAttention).');
  const without = tinyConfig({ split: { validation: 0 }, training: { watchAttention: 6 } });
  await expect(startRun(without, { folder: `${folder}-none` })).rejects.toThrow(
    'training.watchAttention: has no effect: there is no validation set',
  );
});
