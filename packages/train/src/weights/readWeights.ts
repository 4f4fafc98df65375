import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from './namedWeights.js';
import type { WeightValue, WeightValues } from './weightValues.js';

/** Copies of all weights of a model, running statistics included. */
export async function readWeights(model: LayersModel): Promise<WeightValues> {
  const values = new Map<string, WeightValue>();
  for (const { name, variable } of namedWeights(model)) {
    const data = await variable.data<'float32'>();
    values.set(name, { shape: [...variable.shape], data: Float32Array.from(data) });
  }
  return values;
}
