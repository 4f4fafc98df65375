import type { Tensor } from '@tensorflow/tfjs-core';
import type { LiveWeights, WeightValues } from '../weights/weightValues.js';

/** Everything that Adam remembers between steps. */
export interface AdamState {
  /** Steps done. */
  readonly step: number;
  /** Running mean of the gradients (m) by weight name. */
  readonly first: WeightValues;
  /** Running mean of the squared gradients (v) by weight name. */
  readonly second: WeightValues;
}

/** The same, to be read piece by piece before the next step. */
export interface LiveAdamState {
  readonly step: number;
  readonly first: LiveWeights;
  readonly second: LiveWeights;
}

/** Hyper-parameters of Adam. */
export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Changes a fixed list of variables by their gradients. */
export interface Optimizer {
  /** `fused`: one kernel a variable (native TensorFlow); `portable`: TF.js operations on any backend. */
  readonly kind: 'fused' | 'portable';
  /** One step; `gradients` are in the order of the variables, and stay the caller's. */
  apply(gradients: readonly Tensor[], learningRate: number): void;
  state(): LiveAdamState;
  importState(state: AdamState): void;
  dispose(): void;
}
