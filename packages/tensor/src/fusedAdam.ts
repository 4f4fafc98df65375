import * as tf from '@tensorflow/tfjs-core';
import { createAdamSlot } from './adamSlot.js';
import { fastKernels } from './native/fastPaths.js';

/** Constants of Adam; defaults as `torch.optim.Adam`. */
export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** What Adam remembers: the number of steps taken and, by variable name, both moments. */
export interface AdamState {
  readonly step: number;
  readonly moments: Readonly<
    Record<string, { readonly first: Float32Array; readonly second: Float32Array }>
  >;
}

/** Adam that updates each variable and its moments in place, in one pass. */
export interface FusedAdam {
  /**
   * One step. A variable without a gradient stays as it is.
   * @param gradients by variable name; not disposed
   */
  apply(gradients: Readonly<Record<string, tf.Tensor | undefined>>, learningRate: number): void;
  /** A copy of the state. */
  state(): AdamState;
  /** The number of steps taken. */
  step(): number;
  /**
   * Copies of one variable's moments: a large state can be written piece by piece.
   * @throws RangeError where no variable has the name.
   */
  moments(name: string): AdamState['moments'][string];
  /**
   * Continues from a state.
   * @throws RangeError where a variable's moments are missing or of another size.
   */
  restore(state: AdamState): void;
  /** Frees the moments; the variables stay. */
  dispose(): void;
}

/**
 * Adam by TensorFlow's own kernel with PyTorch's formula: lr / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon)
 * (Kingma & Ba 2015, algorithm 1; TensorFlow's epsilon belongs to the second form of their section 2).
 * @returns null where the backend is not native TensorFlow or lacks the kernel
 */
export function createFusedAdam(
  variables: readonly tf.Variable[],
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {},
): FusedAdam | null {
  const kernels = fastKernels();
  if (!kernels?.has('ResourceApplyAdam')) return null;
  const slots = groups(variables).map((members) => createAdamSlot(kernels, members));
  const shapes = new Map(variables.map((variable) => [variable.name, variable.shape]));
  const momentsOf = (name: string): AdamState['moments'][string] => {
    const slot = slots.find(({ names }) => names.includes(name));
    if (slot === undefined) throw new RangeError(`no variable is called ${name}`);
    return slot.moments(name);
  };
  let step = 0;
  return {
    apply(gradients, learningRate) {
      checkShapes(shapes, gradients);
      step++;
      tf.tidy(() => {
        const constants = stepConstants({ beta1, beta2, epsilon }, step, learningRate);
        slots.forEach((slot) => slot.update(gradients, constants));
      });
    },
    state: () => ({
      step,
      moments: Object.fromEntries([...shapes.keys()].map((name) => [name, momentsOf(name)])),
    }),
    step: () => step,
    moments: momentsOf,
    restore(state) {
      checkMoments(shapes, state);
      step = state.step;
      slots.forEach((slot) => slot.restore(state.moments));
    },
    dispose: () => slots.forEach((slot) => slot.dispose()),
  };
}

/** Vectors (biases, scales, offsets) share a slot: there are many, and each is small beside the cost of a kernel's call. */
function groups(variables: readonly tf.Variable[]): tf.Variable[][] {
  const [vectors, others] = [
    variables.filter(({ rank }) => rank === 1),
    variables.filter(({ rank }) => rank !== 1),
  ];
  return [...(vectors.length > 0 ? [vectors] : []), ...others.map((variable) => [variable])];
}

/**
 * The kernel's scalars, computed in float64. It gets its powers of beta as zero and the corrected rate instead, because it
 * would compute 1 - beta2^t in float32; and it weighs the new gradient by 1 - float32(beta), which the rate makes good.
 */
function stepConstants(
  { beta1, beta2, epsilon }: Required<AdamOptions>,
  step: number,
  learningRate: number,
): tf.Tensor[] {
  const correction = Math.sqrt(1 - beta2 ** step);
  const firstWeight = (1 - Math.fround(beta1)) / (1 - beta1);
  const secondWeight = Math.sqrt((1 - Math.fround(beta2)) / (1 - beta2));
  const rate = ((learningRate * correction) / (1 - beta1 ** step)) * (secondWeight / firstWeight);
  return [0, 0, rate, beta1, beta2, epsilon * correction * secondWeight].map((value) =>
    tf.scalar(value),
  );
}

type Shapes = ReadonlyMap<string, readonly number[]>;

function checkShapes(
  shapes: Shapes,
  gradients: Readonly<Record<string, tf.Tensor | undefined>>,
): void {
  for (const [name, shape] of shapes) {
    const gradient = gradients[name];
    if (gradient !== undefined && !tf.util.arraysEqual(gradient.shape, [...shape])) {
      throw new RangeError(
        `the gradient of ${name} has the shape [${gradient.shape.join(', ')}], not [${shape.join(', ')}]`,
      );
    }
  }
}

function checkMoments(shapes: Shapes, { moments }: AdamState): void {
  for (const [name, shape] of shapes) {
    const [size, sizes] = [
      tf.util.sizeFromShape([...shape]),
      [moments[name]?.first.length, moments[name]?.second.length],
    ];
    if (sizes.some((found) => found !== size))
      throw new RangeError(
        `${name} needs two moments of ${size} numbers, not ${sizes.join(' and ')}`,
      );
  }
}
