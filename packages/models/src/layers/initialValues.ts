import { createRandom } from '@nonlocal-med/core';
import type { Fans, InitialRule } from './initialRule.js';

/**
 * The starting values of one weight. Each weight has a random stream of its own, named by its key, so that models that
 * share a backbone share its start.
 * @param count number of elements
 * @param key reference name, e.g. `layer1.0.conv1.weight`
 */
export function initialValues(count: number, rule: InitialRule, { fanIn, fanOut, seed, key }: Fans & { seed: number; key: string }): Float32Array {
  if (typeof rule === 'number') return new Float32Array(count).fill(rule);
  const random = createRandom(seed, 'initial', key);
  const values = new Float32Array(count);
  if (rule === 'torch-uniform') {
    const bound = 1 / Math.sqrt(fanIn);
    for (let i = 0; i < count; i++) values[i] = random.uniform(-bound, bound);
    return values;
  }
  const deviation = rule === 'kaiming-normal' ? Math.sqrt(2 / fanOut) : rule.normal;
  for (let i = 0; i < count; i++) values[i] = random.normal(0, deviation);
  return values;
}
