import { createRandom } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Fans, InitialRule } from './initialRule.js';

/** What {@link initialTensor} draws. */
export interface InitialOptions extends Fans {
  readonly rule: InitialRule;
  readonly seed: number;
  /** Reference name, e.g. `layer1.0.conv1.weight`. */
  readonly key: string;
}

/**
 * The starting values of one weight. Each weight has a random stream of its own, named by its key, so that models that
 * share a backbone share its start.
 */
export function initialTensor(
  shape: number[],
  { rule, fanIn, fanOut, seed, key }: InitialOptions,
): tf.Tensor {
  if (typeof rule === 'number') return tf.fill(shape, rule);
  const random = createRandom(seed, 'initial', key);
  if (rule === 'torch-uniform') {
    const bound = 1 / Math.sqrt(fanIn);
    return drawn(shape, () => random.uniform(-bound, bound));
  }
  const deviation = rule === 'kaiming-normal' ? Math.sqrt(2 / fanOut) : rule.normal;
  return drawn(shape, () => random.normal(0, deviation));
}

/** Numbers drawn at a time. */
const scratch = new Float32Array(2 ** 16);

/**
 * A tensor of drawn numbers that holds no JavaScript array. An array a weight would stay until the collector finds it
 * worth its while: 45 MiB of a ResNet18, in the midst of training.
 */
function drawn(shape: number[], next: () => number): tf.Tensor {
  return tf.tidy(() => {
    const pieces: tf.Tensor1D[] = [];
    for (let left = tf.util.sizeFromShape(shape); left > 0; left -= scratch.length) {
      const values = scratch.subarray(0, Math.min(left, scratch.length));
      for (let i = 0; i < values.length; i++) values[i] = next();
      pieces.push(tf.mul(tf.tensor1d(values), 1)); // the product has memory of its own
    }
    return pieces.length === 0 ? tf.zeros(shape) : tf.reshape(tf.concat1d(pieces), shape);
  });
}
