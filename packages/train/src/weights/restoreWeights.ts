import { InputError, type Issue } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from './namedWeights.js';
import type { WeightValues } from './weightValues.js';

/**
 * Puts weights back into the model that they came from, or one built alike.
 * @throws InputError that names every weight that is missing, left over or of another shape; nothing is changed then.
 */
export function restoreWeights(model: LayersModel, values: WeightValues): void {
  const weights = namedWeights(model);
  const issues: Issue[] = [];
  for (const { name, variable } of weights) {
    const value = values.get(name);
    if (value === undefined)
      issues.push({ path: name, message: 'the checkpoint has no such weight' });
    else if (value.shape.join() !== variable.shape.join())
      issues.push({
        path: name,
        message: `shape [${value.shape.join(', ')}] in the checkpoint`,
        hint: `the model has [${variable.shape.join(', ')}]`,
      });
  }
  const known = new Set(weights.map(({ name }) => name));
  for (const name of values.keys())
    if (!known.has(name)) issues.push({ path: name, message: 'the model has no such weight' });
  if (issues.length > 0) throw new InputError(issues);

  for (const { name, variable } of weights) {
    const { data, shape } = values.get(name)!;
    tf.tidy(() => variable.assign(tf.tensor(data.slice(), [...shape], 'float32')));
  }
}
