import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { ImageNormalization, type ImageNormalizationConfig } from './imageNormalization.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

const normalized = (config: object): number[] => {
  const layer = new ImageNormalization(config as ImageNormalizationConfig);
  return tf.tidy(() => [...layer.call(tf.tensor4d([0, 255, 51], [1, 1, 1, 3])).dataSync()]);
};

it('computes (x / 255 - mean) / std per channel', () => {
  const [r, g, b] = normalized({ mean: [0.5, 0.5, 0.1], std: [0.25, 0.5, 0.1] });
  expect(r).toBeCloseTo(-2, 6);
  expect(g).toBeCloseTo(1, 6);
  expect(b).toBeCloseTo(1, 5);
});

it('reads the standard deviation from the old key of exported models', () => {
  const mean = [0.5, 0.5, 0.1];
  const std = [0.25, 0.5, 0.1];
  expect(normalized({ mean, deviation: std })).toEqual(normalized({ mean, std }));
});
