import { join } from 'node:path';
import { useEngine } from '@nonlocal-med/engine';
import { readExplanations, readTestPredictions } from '@nonlocal-med/runs';
import { findingsFolder, temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { orderSample } from './orderSample.js';

const root = await temporaryFolder('explain-sample');

/** Rows of probabilities of an error come first if they are surer of it. */
const test = Array.from({ length: 8 }, (_, i) => ({ id: `i${i}`, label: i % 2, path: '' }));
const ids = test.map(({ id }) => id);

describe('orderSample', () => {
  it('takes the surest errors in turn with images of each class', () => {
    // wrong: i1 (0.9), i2 (0.7), i4 (0.8)
    const first = [0.9, 0.9, 0.3, 0.2, 0.2, 0.1, 0.6, 0.4];
    const ordered = orderSample(
      test,
      {
        classes: ['a', 'b'],
        ids,
        labels: Int32Array.from(test, ({ label }) => label),
        probabilities: Float64Array.from(first.flatMap((p) => [p, 1 - p])),
      },
      { images: 6, seed: 1 },
    ).map(({ id }) => id);
    expect(ordered).toHaveLength(6);
    expect(new Set(ordered).size).toBe(6);
    expect(ordered.filter((id) => ['i1', 'i2', 'i4'].includes(id))).toEqual(['i1', 'i4', 'i2']);
    expect(ordered[0]).toBe('i1');
  });

  it('judges findings where their truth is known', () => {
    const known = [1, 0, 1, 0, -1, 0, 1, 0];
    // wrong: i0 is missed (0.8 sure), i1 a false alarm (0.9); i4 is not known
    const present = [0.2, 0.9, 0.7, 0.1, 0.99, 0.3, 0.6, 0.2];
    const ordered = orderSample(
      test,
      {
        findings: ['mass'],
        ids,
        labels: Int32Array.from(known),
        probabilities: Float64Array.from(present),
      },
      { images: 1, seed: 1 },
    );
    expect(ordered.map(({ id }) => id)).toEqual(['i1']);
  });
});

describe('a run', () => {
  it('explains the sample after its test, and leaves no tensor', async () => {
    const folder = join(root, 'classes');
    const config = tinyConfig({ explanations: { images: 5 }, training: { epochs: 1 } });
    await useEngine(config.engine);
    const before = tf.memory().numTensors;
    const { reason } = await startRun(config, { folder });
    expect(reason).toBe('finished');
    expect(tf.memory().numTensors).toBe(before);
    const { index } = (await readExplanations(folder))!;
    expect(index.sample).toEqual({ seconds: 60, available: 12, requested: 5, explained: 5 });
    expect(index.weights).toBe('selected');
    const predictions = await readTestPredictions(folder, 'selected');
    for (const { id, probabilities } of index.images) {
      const row = predictions.ids.indexOf(id);
      probabilities.forEach((probability, c) =>
        expect(probability).toBeCloseTo(predictions.probabilities[2 * row + c], 5),
      );
    }
  });

  it('of findings stops when its time is over, and records and reports what is left out', async () => {
    const findings = ['dots', 'mass'];
    const path = await findingsFolder(join(root, 'images'), { findings });
    const folder = join(root, 'findings');
    const notes: string[] = [];
    await startRun(
      parseRunConfig({
        data: { path, labelColumns: findings, groupColumn: 'patient', cacheFolder: null },
        split: { test: 0.3, validation: 0.4 },
        preprocessing: { size: 48 },
        model: { name: 'shufflenetv2-nla', width: 0.5 },
        training: { epochs: 1, batchSize: 8 },
        loader: { workers: 0 },
        explanations: { images: 4, seconds: 1e-6 },
        seed: 3,
      }),
      { folder, onNote: (note) => notes.push(note) },
    );
    const { index } = (await readExplanations(folder))!;
    expect(index.sample).toMatchObject({ seconds: 1e-6, requested: 4, explained: 1 });
    expect(index.images).toHaveLength(1);
    expect(index.images[0].findings).toHaveLength(2);
    expect(index.images[0].maps.length).toBeGreaterThan(0);
    expect(notes.at(-1)).toMatch(/^Saliency maps: 1 of 4 images in 0\.000001 s \(explanations/);
  });
});
