import type { StoredTensor } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadStateDict } from '../weights/loadStateDict.js';
import { stateDict } from '../weights/stateDict.js';
import { noise } from './noise.js';

/** Fills a model as in `golden/models.json`: each tensor with the noise of its name, scaled by its kind. */
export function fillModel(model: LayersModel, salt = ''): void {
  const filled = new Map<string, StoredTensor>();
  for (const [key, { shape }] of stateDict(model)) {
    const perOutput = tf.util.sizeFromShape(shape.slice(1));
    const value = rule(key, shape.length, perOutput);
    const u = noise(salt + key, tf.util.sizeFromShape([...shape]));
    filled.set(key, {
      dtype: 'F32',
      shape,
      data: new Float32Array(u.map((n) => value(2 * n - 1))),
    });
  }
  loadStateDict(model, filled, { match: 'exact' });
}

function rule(key: string, rank: number, perOutput: number): (u: number) => number {
  if (key.endsWith('running_mean')) return (u) => 0.1 * u;
  if (key.endsWith('running_var')) return (u) => 1 + 0.25 * u;
  if (rank === 1 && key.endsWith('weight')) return (u) => 1 + 0.2 * u;
  if (rank <= 1) return (u) => 0.1 * u;
  return (u) => u * Math.sqrt(3 / perOutput);
}
