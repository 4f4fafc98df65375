import * as tf from '@tensorflow/tfjs-core';
import { fastKernels } from './native/fastKernels.js';
import { createResourceVariable, type ResourceVariable } from './native/resourceVariable.js';
import type { NativeKernels } from './native/nativeKernels.js';

/** Constants of Adam; defaults as `torch.optim.Adam`. */
export interface AdamOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** What Adam remembers: the number of steps taken and, by variable name, both moments. */
export interface AdamState {
  readonly step: number;
  readonly moments: Readonly<Record<string, { readonly first: Float32Array; readonly second: Float32Array }>>;
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

/** One variable, its copy inside TensorFlow and its moments. */
interface Slot {
  readonly variable: tf.Variable;
  readonly resource: ResourceVariable;
  readonly first: ResourceVariable;
  readonly second: ResourceVariable;
  /** The data that resource and variable share since the last step. */
  shared?: object;
}

/**
 * Adam by TensorFlow's own kernel with PyTorch's formula: lr / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon)
 * (Kingma & Ba 2015, algorithm 1; TensorFlow's epsilon belongs to the second form of their section 2).
 * @returns null where the backend is not native TensorFlow or lacks the kernel
 */
export function createFusedAdam(variables: readonly tf.Variable[], { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions = {}): FusedAdam | null {
  const kernels = fastKernels();
  if (!kernels?.has('ResourceApplyAdam')) return null;
  const slots = new Map(variables.map((variable) => [variable.name, createSlot(kernels, variable)]));
  let step = 0;
  return {
    apply(gradients, learningRate) {
      checkShapes(slots, gradients);
      step++;
      tf.tidy(() => {
        const constants = stepConstants({ beta1, beta2, epsilon }, step, learningRate);
        for (const [name, slot] of slots) {
          const gradient = gradients[name];
          if (gradient !== undefined) update(kernels, slot, [...constants, gradient]);
        }
      });
    },
    state: () => ({ step, moments: Object.fromEntries([...slots.keys()].map((name) => [name, momentsOf(slots, name)])) }),
    step: () => step,
    moments: (name) => momentsOf(slots, name),
    restore(state) {
      checkMoments(slots, state);
      step = state.step;
      slots.forEach(({ first, second }, name) => {
        first.set(state.moments[name].first);
        second.set(state.moments[name].second);
      });
    },
    dispose: () => slots.forEach(({ resource, first, second }) => [resource, first, second].forEach((each) => each.dispose())),
  };
}

function momentsOf(slots: ReadonlyMap<string, Slot>, name: string): AdamState['moments'][string] {
  const slot = slots.get(name);
  if (slot === undefined) throw new RangeError(`no variable is called ${name}`);
  return { first: slot.first.values(), second: slot.second.values() };
}

function createSlot(kernels: NativeKernels, variable: tf.Variable): Slot {
  const [resource, first, second] = [0, 1, 2].map(() => createResourceVariable(kernels, variable.shape));
  [first, second].forEach((moment) => moment.set(new Float32Array(variable.size)));
  return { variable, resource, first, second };
}

/**
 * The kernel's scalars, computed in float64. It gets its powers of beta as zero and the corrected rate instead, because it
 * would compute 1 - beta2^t in float32; and it weighs the new gradient by 1 - float32(beta), which the rate makes good.
 */
function stepConstants({ beta1, beta2, epsilon }: Required<AdamOptions>, step: number, learningRate: number): tf.Tensor[] {
  const correction = Math.sqrt(1 - beta2 ** step);
  const firstWeight = (1 - Math.fround(beta1)) / (1 - beta1);
  const secondWeight = Math.sqrt((1 - Math.fround(beta2)) / (1 - beta2));
  const rate = ((learningRate * correction) / (1 - beta1 ** step)) * (secondWeight / firstWeight);
  return [0, 0, rate, beta1, beta2, epsilon * correction * secondWeight].map((value) => tf.scalar(value));
}

function update(kernels: NativeKernels, slot: Slot, inputs: readonly tf.Tensor[]): void {
  const { variable, resource, first, second } = slot;
  if (slot.shared !== variable.dataId) resource.assign(variable);
  // While the variable holds the same data too, TensorFlow would copy it before changing it.
  if (tf.backend().refCount(variable.dataId) === 1) tf.engine().disposeTensor(variable);
  kernels.run('ResourceApplyAdam', { T: { type: 'float32' }, use_locking: false, use_nesterov: false }, [resource.handle, first.handle, second.handle, ...inputs], 0);
  const updated = resource.read();
  variable.assign(updated);
  updated.dispose();
  slot.shared = variable.dataId;
}

function checkShapes(slots: ReadonlyMap<string, Slot>, gradients: Readonly<Record<string, tf.Tensor | undefined>>): void {
  for (const [name, { variable }] of slots) {
    const gradient = gradients[name];
    if (gradient !== undefined && !tf.util.arraysEqual(gradient.shape, variable.shape)) {
      throw new RangeError(`the gradient of ${name} has the shape [${gradient.shape.join(', ')}], not [${variable.shape.join(', ')}]`);
    }
  }
}

function checkMoments(slots: ReadonlyMap<string, Slot>, { moments }: AdamState): void {
  for (const [name, { variable }] of slots) {
    const sizes = [moments[name]?.first.length, moments[name]?.second.length];
    if (sizes.some((size) => size !== variable.size)) throw new RangeError(`${name} needs two moments of ${variable.size} numbers, not ${sizes.join(' and ')}`);
  }
}
