import type { BindingAttribute } from '../native/kernelAttributes.js';

/** A tensor that a graph is given at each run. */
export interface Placeholder {
  readonly name: string;
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** One call of a kernel. */
export interface RecordedCall {
  readonly name: string;
  readonly kernel: string;
  readonly attributes: readonly BindingAttribute[];
  /** Where each input comes from: a placeholder's name, or a call's, with `:1` for its second result. */
  readonly inputs: readonly string[];
}

/** A result of a recording. */
export interface RecordedOutput {
  readonly source: string;
  readonly dtype: number;
}

/** What a computation asked of TensorFlow, in its order. */
export interface Recording {
  readonly placeholders: readonly Placeholder[];
  readonly calls: readonly RecordedCall[];
  readonly outputs: readonly RecordedOutput[];
  /** TensorFlow's numbers of the tensors for the last placeholders: constants that the computation made, or had from outside. */
  readonly captured: readonly number[];
}
