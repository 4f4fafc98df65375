import { modelWeights, type StoredTensor } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildModel, checkModelOptions } from '../createModel.js';
import type { ModelOptions } from '../modelOptions.js';
import { loadStateDict } from '../weights/loadStateDict.js';
import { torchLayout } from '../weights/stateDict.js';
import { noise } from './noise.js';

/** Fills a model as in `golden/models.json`: each tensor with the noise of its name, scaled by its kind. */
export function fillModel(model: LayersModel, salt = ''): void {
  const filled = new Map<string, StoredTensor>();
  for (const weight of modelWeights(model)) {
    const { key } = weight;
    const { shape } = torchLayout(weight);
    const value = rule(key, shape.length, tf.util.sizeFromShape(shape.slice(1)));
    const u = noise(salt + key, tf.util.sizeFromShape([...shape]));
    const data = new Float32Array(u.length);
    for (let i = 0; i < u.length; i++) data[i] = value(2 * u[i] - 1);
    filled.set(key, { dtype: 'F32', shape, data });
  }
  loadStateDict(model, filled, { match: 'exact' });
}

/** A filled model without the metadata of `createModel`, and without its initial weights: a second for a ResNet18. */
export function filledModel(name: string, options: ModelOptions, salt = ''): LayersModel {
  const model = buildModel(checkModelOptions(name, options), { initialize: false });
  fillModel(model, salt);
  return model;
}

function rule(key: string, rank: number, perOutput: number): (u: number) => number {
  if (key.endsWith('running_mean')) return (u) => 0.1 * u;
  if (key.endsWith('running_var')) return (u) => 1 + 0.25 * u;
  if (rank === 1 && key.endsWith('weight')) return (u) => 1 + 0.2 * u;
  if (rank <= 1) return (u) => 0.1 * u;
  const bound = Math.sqrt(3 / perOutput);
  return (u) => u * bound;
}
