import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from './fastPaths.js';
import type { NativeKernels } from './nativeKernels.js';
import { createResourceVariable } from './resourceVariable.js';

/** Running means of a variable's gradients (m) and of their squares (v), in row-major order. */
export interface AdamMoments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Constants of one step. */
export interface AdamStep {
  /** Including the bias correction of both moments. */
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Added outside the square root of v, before its bias correction. */
  readonly epsilon: number;
}

/** TensorFlow's Adam, which updates variables and their moments in place, in one pass over the memory. */
export interface AdamKernel {
  /**
   * m += (g - m) (1 - beta1), v += (g g - v) (1 - beta2), w -= learningRate m / (sqrt(v) + epsilon), all float32.
   * @param gradients one per variable, in their order; not disposed
   * @throws RangeError where a gradient has another shape than its variable; nothing is changed then
   */
  update(gradients: readonly tf.Tensor[], step: AdamStep): void;
  /** Copies of the moments of one variable, so that a large state can be written piece by piece. */
  moments(index: number): AdamMoments;
  /** Replaces the moments of all variables, in their order. */
  restore(moments: readonly AdamMoments[]): void;
  /** Frees the moments; the variables stay. */
  dispose(): void;
}

/**
 * Moments for some variables, zero at first, and the kernel `ResourceApplyAdam` that updates both. Steps and bias
 * correction are the caller's: see `createAdam` of `@nonlocal-med/train`.
 * @returns null where the backend is not native TensorFlow or lacks the kernel
 */
export function createAdamKernel(variables: readonly tf.Variable[]): AdamKernel | null {
  const kernels = fastKernels();
  if (!kernels?.has('ResourceApplyAdam')) return null;
  const slots = groupVariables(variables).map((indices) => ({
    indices,
    slot: createSlot(
      kernels,
      indices.map((index) => variables[index]),
    ),
  }));
  return {
    update(gradients, { learningRate, beta1, beta2, epsilon }) {
      checkShapes(variables, gradients);
      tf.tidy(() => {
        // Powers of beta of zero switch off the kernel's own bias correction, which it would compute in float32.
        const constants = [0, 0, learningRate, beta1, beta2, epsilon].map((value) =>
          tf.scalar(value),
        );
        for (const { indices, slot } of slots)
          slot.update(
            indices.map((index) => gradients[index]),
            constants,
          );
      });
    },
    moments(index) {
      const { indices, slot } = slots.find((group) => group.indices.includes(index))!;
      return slot.moments(indices.indexOf(index));
    },
    restore(moments) {
      for (const { indices, slot } of slots) slot.restore(indices.map((index) => moments[index]));
    },
    dispose: () => slots.forEach(({ slot }) => slot.dispose()),
  };
}

/** Vectors (biases, scales, offsets) share a slot: there are many, and each is small compared with the cost of a call. */
function groupVariables(variables: readonly tf.Variable[]): number[][] {
  const indices = variables.map((_, index) => index);
  const vectors = indices.filter((index) => variables[index].rank === 1);
  const others = indices.filter((index) => variables[index].rank !== 1);
  return [...(vectors.length > 0 ? [vectors] : []), ...others.map((index) => [index])];
}

function checkShapes(variables: readonly tf.Variable[], gradients: readonly tf.Tensor[]): void {
  variables.forEach(({ name, shape }, index) => {
    const gradient = gradients[index];
    if (!tf.util.arraysEqual(gradient.shape, shape))
      throw new RangeError(
        `The gradient of ${name} has shape [${gradient.shape.join(', ')}], expected [${shape.join(', ')}].`,
      );
  });
}

/** Variables that one call of the kernel updates. */
interface Slot {
  /** @param constants the kernel's inputs between moments and gradient */
  update(gradients: tf.Tensor[], constants: readonly tf.Tensor[]): void;
  moments(index: number): AdamMoments;
  restore(moments: readonly AdamMoments[]): void;
  dispose(): void;
}

/** A slot of one variable, or of several vectors that TensorFlow sees as one, concatenated. */
function createSlot(kernels: NativeKernels, variables: readonly tf.Variable[]): Slot {
  const sizes = variables.map(({ size }) => size);
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const total = starts[starts.length - 1] + sizes[sizes.length - 1];
  const shape = variables.length === 1 ? variables[0].shape : [total];
  const [values, first, second] = [0, 1, 2].map(() => createResourceVariable(kernels, shape));
  for (const moment of [first, second]) tf.tidy(() => moment.assign(tf.fill(shape, 0)));
  const join = (parts: tf.Tensor[]): tf.Tensor =>
    parts.length === 1 ? parts[0] : tf.concat(parts);
  const split = (whole: tf.Tensor): tf.Tensor[] =>
    sizes.length === 1 ? [whole] : tf.split(whole, sizes);
  /** Each variable's data since the last step: other data means that somebody assigned a value. */
  let known: object[] = [];

  return {
    update: (gradients, constants) =>
      tf.tidy(() => {
        if (variables.some(({ dataId }, i) => dataId !== known[i]))
          values.assign(join([...variables]));
        // While a variable holds the same data too, TensorFlow would copy it before changing it.
        for (const variable of variables)
          if (tf.backend().refCount(variable.dataId) === 1) tf.engine().disposeTensor(variable);
        kernels.runMultiple(
          {
            name: 'ResourceApplyAdam',
            attributes: { T: { type: 'float32' }, use_locking: false, use_nesterov: false },
          },
          [values.handle, first.handle, second.handle, ...constants, join(gradients)],
          0,
        );
        split(values.read()).forEach((updated, i) => variables[i].assign(updated));
        known = variables.map(({ dataId }) => dataId);
      }),
    moments(index) {
      const part = (moment: typeof first): Float32Array =>
        moment.values().slice(starts[index], starts[index] + sizes[index]);
      return { first: part(first), second: part(second) };
    },
    restore(moments) {
      const concatenated = (which: keyof AdamMoments): Float32Array => {
        const all = new Float32Array(total);
        moments.forEach((part, i) => all.set(part[which], starts[i]));
        return all;
      };
      first.set(concatenated('first'));
      second.set(concatenated('second'));
    },
    dispose: () => [values, first, second].forEach((each) => each.dispose()),
  };
}
