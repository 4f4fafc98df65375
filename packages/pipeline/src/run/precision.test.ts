import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useEngine } from '@nonlocal-med/engine';
import { bfloat16Support, setKernelChoices } from '@nonlocal-med/tensor';
import { temporaryFolder } from '@nonlocal-med/testing';
import { resolvePrecision } from '@nonlocal-med/train';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeMember } from '../inference/ensembleMembers.js';
import { openExportedModel } from '../inference/openExportedModel.js';
import { predictImages } from '../inference/predictImages.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { evaluateRun } from './evaluateRun.js';
import { startRun } from './startRun.js';

const root = await temporaryFolder('precision');
const folder = join(root, 'run');
const { engine } = await useEngine(tinyConfig().engine);
const hasBfloat16 = engine === 'native' && bfloat16Support().isSupported;

afterAll(() => setKernelChoices({}, { measure: false, shared: null }));

const config = (precision: string, backend = engine) => {
  const { training } = tinyConfig();
  return tinyConfig({
    engine: { backend, kernels: 'fixed' },
    training: { ...training, epochs: 1, precision },
  });
};

describe('precision of a run', () => {
  it('is refused before the folder is made where it is not available', async () => {
    await expect(startRun(config('bfloat16', 'wasm'), { folder })).rejects.toThrow(
      '"bfloat16" is not available: it needs native TensorFlow, and the backend is wasm',
    );
    await expect(readFile(join(folder, 'config.yaml'))).rejects.toThrow('ENOENT');
  });

  it.runIf(hasBfloat16)(
    'is recorded, repeated by an evaluation, and replaced where it is not available',
    async () => {
      const tensors = tf.memory().numTensors;
      const { metrics } = await startRun(config('bfloat16'), { folder });
      expect(tf.memory().numTensors).toBe(tensors);
      const recorded = parse(await readFile(join(folder, 'config.yaml'), 'utf8')) as {
        training: { precision: string };
      };
      expect(recorded.training.precision).toBe('bfloat16');
      const kernels = JSON.parse(await readFile(join(folder, 'kernels.json'), 'utf8')) as object;
      expect(Object.keys(kernels).some((key) => key.endsWith(' bfloat16'))).toBe(true);

      const again = await evaluateRun({ folder });
      expect(again).toMatchObject({
        reproduced: true,
        precision: 'bfloat16',
        trainedPrecision: 'bfloat16',
      });
      const exact = await evaluateRun({ folder, precision: 'float32' });
      expect(exact).toMatchObject({
        reproduced: false,
        precision: 'float32',
        trainedPrecision: 'bfloat16',
      });
      expect(exact.predictions.probabilities).not.toEqual(again.predictions.probabilities);
      exact.predictions.probabilities.forEach((probability, i) =>
        expect(probability).toBeCloseTo(again.predictions.probabilities[i], 1),
      );

      const notes: string[] = [];
      await evaluateRun({ folder, engine: 'wasm', onNote: (note) => notes.push(note) });
      expect(notes.join('\n')).toContain('Computed in float32 instead of bfloat16');
      expect(metrics).toBeDefined();
    },
  );

  it.runIf(hasBfloat16)('can be chosen for an exported model', async () => {
    await useEngine({ backend: 'native' });
    const image = join(root, 'image.png');
    const { default: sharp } = await import('sharp');
    const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
    await sharp({ create: { width: 40, height: 40, channels: 3, background: 'gray', noise } })
      .png()
      .toFile(image);
    const notes: string[] = [];
    const [exact, lower] = [
      await openExportedModel(folder),
      await openExportedModel(folder, {
        precision: 'bfloat16',
        onNote: (note) => notes.push(note),
      }),
    ];
    expect(notes.at(-1)).toMatch(/^Computed in bfloat16: probabilities may differ/);
    expect(await describeMember(exact)).not.toHaveProperty('precision');
    expect(await describeMember(lower)).toHaveProperty('precision', 'bfloat16');
    const [p, q] = [
      [...(await predictImages(exact, [image])).probabilities],
      [...(await predictImages(lower, [image])).probabilities],
    ];
    expect(exact.precision).toBe('float32');
    expect(q).not.toEqual(p);
    q.forEach((probability, i) => expect(probability).toBeCloseTo(p[i], 1));
    expect(resolvePrecision('auto', exact.logits).precision).toMatch(/^(b?)float/);
    exact.dispose();
    lower.dispose();
  });
});
