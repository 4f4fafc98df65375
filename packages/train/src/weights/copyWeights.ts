import type { LiveWeights, WeightValue, WeightValues } from './weightValues.js';

/** Reads live weights. */
export async function copyWeights(weights: LiveWeights): Promise<WeightValues> {
  const values = new Map<string, WeightValue>();
  for (const [name, { shape, data }] of weights) values.set(name, { shape, data: await data() });
  return values;
}
