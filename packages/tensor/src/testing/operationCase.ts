import type * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from './ndArray.js';

/** One operation at one shape, for the conformance suite. */
export interface OperationCase {
  readonly name: string;
  /** Shapes of the differentiable inputs. */
  readonly shapes: readonly (readonly number[])[];
  /** The operation under test. */
  readonly run: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** The same operation as plain loops in float64. */
  readonly reference: (...inputs: NdArray[]) => NdArray;
  /** Creates the inputs. Default: noise between -1 and 1. */
  readonly inputs?: () => NdArray[];
}
