import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { InitialRule } from './layers/initialRule.js';
import { initialTensor } from './layers/initialTensor.js';
import { weightKeys } from './weights/weightKeys.js';

/** Starts the weights and biases of some layers by other rules than their own. */
export function startWeights(
  model: LayersModel,
  rules: ReadonlyMap<string, { readonly weight: InitialRule; readonly bias: InitialRule }>,
  seed: number,
): void {
  for (const { key, layer, variable } of weightKeys(model)) {
    const rule = rules.get(layer.name);
    if (rule === undefined) continue;
    const [fanIn, fanOut] = variable.shape.slice(-2) as number[];
    const options = {
      rule: key.endsWith('.bias') ? rule.bias : rule.weight,
      fanIn,
      fanOut,
      seed,
      key,
    };
    tf.tidy(() => void variable.write(initialTensor(variable.shape as number[], options)));
  }
}
