import { createRandom } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * How a weight is initialized (docs/specification.md, sections 2.1 and 4):
 * `torch-uniform` is PyTorch's default for convolutions and linear layers, U(-1/sqrt(fan in), 1/sqrt(fan in));
 * `kaiming-normal` is N(0, sqrt(2 / fan out)), `torch.nn.init.kaiming_normal_` with `mode='fan_out'`; a number is a
 * constant; `{ normal }` is N(0, that standard deviation).
 */
export type InitialRule = 'torch-uniform' | 'kaiming-normal' | number | { readonly normal: number };

/** Options of {@link initialTensor}. */
export interface InitialOptions {
  readonly rule: InitialRule;
  /** Number of inputs of one output: channels times kernel size. */
  readonly fanIn: number;
  /** Number of outputs that one input contributes to. */
  readonly fanOut: number;
  readonly seed: number;
  /** Names of the random stream, which tell this weight from all others with the same seed. */
  readonly stream: readonly string[];
}

/**
 * The initial values of one weight. Every weight has its own random stream, so that models with the same backbone and
 * seed start from the same backbone weights.
 */
export function initialTensor(
  shape: number[],
  { rule, fanIn, fanOut, seed, stream }: InitialOptions,
): tf.Tensor {
  if (typeof rule === 'number') return tf.fill(shape, rule);
  const random = createRandom(seed, ...stream);
  if (rule === 'torch-uniform') {
    const bound = 1 / Math.sqrt(fanIn);
    return sampledTensor(shape, () => random.uniform(-bound, bound));
  }
  const std = rule === 'kaiming-normal' ? Math.sqrt(2 / fanOut) : rule.normal;
  return sampledTensor(shape, () => random.normal(0, std));
}

/** Buffer for the values that {@link sampledTensor} generates at a time. */
const buffer = new Float32Array(2 ** 16);

/**
 * A tensor of random numbers that keeps no JavaScript array alive. One array per weight would stay until the garbage
 * collector runs: 45 MiB for a ResNet18, in the middle of training.
 */
function sampledTensor(shape: number[], next: () => number): tf.Tensor {
  return tf.tidy(() => {
    const pieces: tf.Tensor1D[] = [];
    for (let left = tf.util.sizeFromShape(shape); left > 0; left -= buffer.length) {
      const values = buffer.subarray(0, Math.min(left, buffer.length));
      for (let i = 0; i < values.length; i++) values[i] = next();
      pieces.push(tf.mul(tf.tensor1d(values), 1)); // the product does not share memory with the buffer
    }
    return pieces.length === 0 ? tf.zeros(shape) : tf.reshape(tf.concat1d(pieces), shape);
  });
}
