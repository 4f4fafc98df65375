import type { BindingAttribute } from '../native/kernelAttributes.js';

/**
 * A computation as the calls of TensorFlow's kernels that it consists of, for any number of images: what files for other
 * runtimes are written from. The first axis of its inputs and outputs is the batch.
 */
export interface PortableGraph {
  readonly inputs: readonly GraphValue[];
  readonly constants: readonly GraphConstant[];
  readonly calls: readonly GraphCall[];
  readonly outputs: readonly (GraphValue & {
    /** The input, constant or call that it comes from. */
    readonly source: string;
  })[];
}

/** A tensor of float32. */
export interface GraphValue {
  readonly name: string;
  /** -1 where the length depends on the number of images. */
  readonly shape: readonly number[];
}

/** Weights, or what an operation is told: a shape, axes, paddings. */
export interface GraphConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** One call of a kernel. */
export interface GraphCall {
  readonly name: string;
  readonly kernel: string;
  readonly attributes: readonly BindingAttribute[];
  /** Names of inputs, constants and earlier calls, with `:1` for a call's second result. */
  readonly inputs: readonly string[];
  /** Shapes of its results; -1 where the length depends on the number of images. */
  readonly shapes: readonly (readonly number[])[];
}
