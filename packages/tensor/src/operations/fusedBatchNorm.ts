import * as tf from '@tensorflow/tfjs-core';
import type { KernelAttributes } from '../native/kernelAttributes.js';
import { chooseKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import { disposeAfterBackward } from './differentiable.js';
import { reluGradient } from './relu.js';

/** What follows a normalization in the same pass. */
export type Activation = 'linear' | 'relu';

/** Settings that the fused kernel and its gradient share. */
interface FusedBatchNorm {
  readonly kernels: NativeKernels;
  readonly epsilon: number;
  readonly activation: Activation;
  readonly training: boolean;
  /** Weight of the batch in the updated statistics; with 1, the default, there are no previous ones. */
  readonly momentum?: number;
}

/**
 * TensorFlow's fused batch normalization, with ReLU in the same pass if oneDNN has it.
 * @param inputs x [B, H, W, C], scale, offset, mean, variance [C] (the last two empty in training with a momentum of 1)
 * @returns y, updated mean and unbiased variance, and three tensors for {@link fusedBatchNormBackward}
 */
export function fusedBatchNorm(
  { kernels, epsilon, activation, training, momentum = 1 }: FusedBatchNorm,
  inputs: readonly tf.Tensor[],
): tf.Tensor[] {
  const [x] = inputs;
  const isRelu = activation === 'relu';
  const plain = {
    name: 'FusedBatchNormV3',
    attributes: {
      ...commonAttributes(epsilon, training),
      exponential_avg_factor: { float: momentum },
    },
  } as const;
  const reluAttributes = { num_side_inputs: { int: 0 }, activation_mode: 'Relu' };
  const fast = isRelu
    ? oneDnn(kernels, {
        name: 'FusedBatchNormEx',
        attributes: { ...plain.attributes, ...reluAttributes },
      })
    : oneDnn(kernels, plain);
  const runPlain = (): tf.Tensor[] => {
    const [normal, ...rest] = kernels.runMultiple(plain, inputs, 6);
    return [isRelu ? tf.relu(normal) : normal, ...rest];
  };
  return chooseKernel(
    `FusedBatchNorm${training ? '' : ' frozen'}${isRelu ? ' relu' : ''} ${x.shape.join('x')}`,
    inOrder(x, fast && (() => kernels.runMultiple(fast, inputs, 6)), runPlain),
  );
}

/**
 * The gradient functions of x, scale and offset.
 * @param saved x, scale, the three tensors of the forward pass and, if ReLU followed, y
 */
export function fusedBatchNormBackward(
  settings: FusedBatchNorm,
  dy: tf.Tensor,
  saved: tf.Tensor[],
): Record<'x' | 'scale' | 'offset', () => tf.Tensor> {
  const [y, inputs] = [saved[5] as tf.Tensor | undefined, saved.slice(0, 5)];
  const upstream = y === undefined ? dy : reluGradient(dy, y);
  if (y !== undefined) disposeAfterBackward(dy, [y]); // before the next large tensor is allocated
  const [dx, dScale, dOffset] = fusedBatchNormGradient(settings, [upstream, ...inputs]);
  disposeAfterBackward(upstream, inputs);
  return { x: () => dx, scale: () => dScale, offset: () => dOffset };
}

/**
 * The gradients of x, scale and offset.
 * @param inputs dy after the activation, x, scale, and the three tensors of the forward pass
 */
export function fusedBatchNormGradient(
  { kernels, epsilon, training }: FusedBatchNorm,
  inputs: readonly tf.Tensor[],
): tf.Tensor[] {
  return tf.tidy(() => {
    const [dy] = inputs;
    const plain = {
      name: 'FusedBatchNormGradV3',
      attributes: commonAttributes(epsilon, training),
    } as const;
    const fast = oneDnn(kernels, plain);
    const candidates = inOrder(dy, fast && (() => kernels.runMultiple(fast, inputs, 5)), () =>
      kernels.runMultiple(plain, inputs, 5),
    );
    const key = `FusedBatchNormGrad${training ? '' : ' frozen'} ${dy.shape.join('x')}`;
    return chooseKernel(key, candidates).slice(0, 3);
  });
}

function commonAttributes(epsilon: number, training: boolean): KernelAttributes {
  return {
    T: { type: 'float32' },
    U: { type: 'float32' },
    epsilon: { float: epsilon },
    data_format: 'NHWC',
    is_training: training,
  };
}

/** Channels that oneDNN computes at once. It has no fast path for other numbers of channels, and comes second there. */
const VECTOR = 8;

function inOrder(
  x: tf.Tensor,
  oneDnn: (() => tf.Tensor[]) | undefined,
  plain: () => tf.Tensor[],
): Record<string, () => tf.Tensor[]> {
  if (oneDnn === undefined) return { plain };
  const channels = x.shape[3] ?? 1;
  return channels % VECTOR === 0 ? { oneDnn, plain } : { plain, oneDnn };
}
