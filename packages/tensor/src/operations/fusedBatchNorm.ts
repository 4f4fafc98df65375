import * as tf from '@tensorflow/tfjs-core';
import type { KernelAttributes } from '../native/kernelAttributes.js';
import { chooseKernel } from '../native/kernelChoices.js';
import type { NativeKernels } from '../native/nativeKernels.js';
import { oneDnn } from '../native/oneDnn.js';
import type { Activation } from './batchNormTrain.js';
import { disposeAfterBackward } from './differentiable.js';
import { reluGradient } from './relu.js';

/** Settings that the fused kernel and its gradient share. */
export interface FusedBatchNorm {
  readonly kernels: NativeKernels;
  readonly epsilon: number;
  readonly activation: Activation;
  readonly training: boolean;
  /** Share of the batch in the moved statistics; 1, the batch's own, takes none to move. */
  readonly batchShare?: number;
}

type Candidates = Record<string, () => tf.Tensor[]>;

/** oneDNN has no fast path for channels that do not fill its vectors; there it comes second. */
const VECTOR = 8;

/**
 * TensorFlow's fused batch normalisation, with ReLU in the same pass where oneDNN has it.
 * @param inputs x [B, H, W, C], scale, offset, mean, variance [C] (the last two empty in training with a batchShare of 1)
 * @returns y, moved mean and unbiased variance, and three tensors for {@link fusedBatchNormBackward}
 */
export function fusedBatchNorm(
  { kernels, epsilon, activation, training, batchShare = 1 }: FusedBatchNorm,
  inputs: readonly tf.Tensor[],
): tf.Tensor[] {
  const [x] = inputs;
  const attributes = {
    ...common(epsilon, training),
    exponential_avg_factor: { float: batchShare },
  };
  const fast =
    activation === 'relu'
      ? oneDnn(kernels, 'FusedBatchNormEx', {
          ...attributes,
          num_side_inputs: { int: 0 },
          activation_mode: 'Relu',
        })
      : oneDnn(kernels, 'FusedBatchNormV3', attributes);
  const plain = (): tf.Tensor[] => {
    const [normal, ...rest] = kernels.run('FusedBatchNormV3', attributes, inputs, 6);
    return [activation === 'relu' ? tf.relu(normal) : normal, ...rest];
  };
  const name = `FusedBatchNorm${training ? '' : ' frozen'}${activation === 'relu' ? ' relu' : ''} ${x.shape.join('x')}`;
  return chooseKernel(
    name,
    inOrder(x, fast && (() => kernels.run(fast.name, fast.attributes, inputs, 6)), plain),
  );
}

/**
 * The gradient functions of x, scale and offset.
 * @param saved x, scale, the three tensors of the forward pass and, where ReLU followed, y
 */
export function fusedBatchNormBackward(
  settings: FusedBatchNorm,
  dy: tf.Tensor,
  saved: tf.Tensor[],
): Record<'x' | 'scale' | 'offset', () => tf.Tensor> {
  const [y, inputs] = [saved[5] as tf.Tensor | undefined, saved.slice(0, 5)];
  const upstream = y === undefined ? dy : reluGradient(dy, y);
  if (y !== undefined) disposeAfterBackward(dy, [y]); // before the next large tensor is made
  const [dx, dScale, dOffset] = gradients(settings, [upstream, ...inputs]);
  disposeAfterBackward(upstream, inputs);
  return { x: () => dx, scale: () => dScale, offset: () => dOffset };
}

function gradients(
  { kernels, epsilon, training }: FusedBatchNorm,
  inputs: readonly tf.Tensor[],
): tf.Tensor[] {
  return tf.tidy(() => {
    const [dy] = inputs;
    const attributes = common(epsilon, training);
    const fast = oneDnn(kernels, 'FusedBatchNormGradV3', attributes);
    const candidates = inOrder(
      dy,
      fast && (() => kernels.run(fast.name, fast.attributes, inputs, 5)),
      () => kernels.run('FusedBatchNormGradV3', attributes, inputs, 5),
    );
    return chooseKernel(
      `FusedBatchNormGrad${training ? '' : ' frozen'} ${dy.shape.join('x')}`,
      candidates,
    ).slice(0, 3);
  });
}

function common(epsilon: number, training: boolean): KernelAttributes {
  return {
    T: { type: 'float32' },
    U: { type: 'float32' },
    epsilon: { float: epsilon },
    data_format: 'NHWC',
    is_training: training,
  };
}

function inOrder(
  x: tf.Tensor,
  fast: (() => tf.Tensor[]) | undefined,
  plain: () => tf.Tensor[],
): Candidates {
  if (fast === undefined) return { plain };
  const channels = x.shape[3] ?? 1;
  return channels % VECTOR === 0 ? { oneDnn: fast, plain } : { plain, oneDnn: fast };
}
