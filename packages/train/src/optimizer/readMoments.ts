import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedWeight } from '../weights/namedWeights.js';
import type { WeightValue, WeightValues } from '../weights/weightValues.js';

/** Copies of an optimiser's moments, under the names of the weights they belong to. */
export async function readMoments(weights: readonly NamedWeight[], moments: readonly Tensor[]): Promise<WeightValues> {
  const values = new Map<string, WeightValue>();
  for (const [index, { name }] of weights.entries()) {
    const data = await moments[index].data<'float32'>();
    values.set(name, { shape: [...moments[index].shape], data: Float32Array.from(data) });
  }
  return values;
}
