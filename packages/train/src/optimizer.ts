import { InputError } from '@nonlocal-med/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { LiveWeights, NamedWeight, WeightValues } from './weights.js';

/** Everything that an optimizer remembers between steps; with {@link LiveWeights}, to be read before the next step. */
export interface OptimizerState<Weights extends WeightValues | LiveWeights = WeightValues> {
  /** Steps done. */
  readonly step: number;
  /** By weight name: Adam's running mean of the gradients (m), or SGD's momentum buffer. */
  readonly first: Weights;
  /** By weight name: Adam's running mean of the squared gradients (v). Empty for SGD. */
  readonly second: Weights;
}

/** Updates a fixed list of weights by their gradients. */
export interface Optimizer {
  /** `fused`: one kernel per weight (native TensorFlow); `portable`: TF.js operations on any backend. */
  readonly kind: 'fused' | 'portable';
  /**
   * One step.
   * @param gradients one per weight, in their order and shape; not disposed
   */
  apply(gradients: readonly tf.Tensor[], learningRate: number): void;
  state(): OptimizerState<LiveWeights>;
  /**
   * Continues from a state.
   * @throws InputError when it does not have exactly what this optimizer remembers, in the right shape for each weight.
   */
  importState(state: OptimizerState): void;
  /** Frees what the optimizer remembers; the weights stay. */
  dispose(): void;
}

/** @throws InputError when a state does not have exactly these moments of these weights. */
export function checkState(
  state: OptimizerState,
  {
    weights,
    moments: used,
  }: {
    readonly weights: readonly NamedWeight[];
    readonly moments: readonly ('first' | 'second')[];
  },
): void {
  for (const which of ['first', 'second'] as const) {
    const moments = state[which];
    const expected = used.includes(which) ? weights : [];
    for (const { name, variable } of expected) {
      const shape = moments.get(name)?.shape;
      if (shape?.join() !== variable.shape.join())
        throw new InputError({
          path: name,
          message:
            shape === undefined
              ? "the optimizer's state does not have this weight"
              : `shape [${shape.join(', ')}] in the optimizer's state`,
          hint: `the model has [${variable.shape.join(', ')}]`,
        });
    }
    if (moments.size !== expected.length)
      throw new InputError({
        path: 'optimizer',
        message: `its state has ${moments.size} weights`,
        hint: `the model trains ${expected.length}`,
      });
  }
}
