import * as tf from '@tensorflow/tfjs-core';
import type { AttributeConstants, BindingAttribute } from './kernelAttributes.js';

/** A tensor as TensorFlow's binding describes it. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  /** TensorFlow's code of the element type. */
  readonly dtype: number;
}

/** The part of tfjs-node's binding that this package uses. */
export interface NodeBinding extends AttributeConstants {
  executeOp(
    name: string,
    attributes: readonly BindingAttribute[],
    inputIds: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  createTensor(shape: number[], dtype: number, values: ArrayLike<number>): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  tensorData(id: number): unknown;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** @param inputNames, outputNames separated by commas */
  runSavedModel(
    id: number,
    inputIds: readonly number[],
    inputNames: string,
    outputNames: string,
  ): TensorMetadata[];
}

/** The part of tfjs-node's backend that this package uses. */
export interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice: boolean;
  binding: NodeBinding;
  /** What TensorFlow holds for a tensor, by its `dataId`. */
  readonly tensorMap: { get(dataId: object): { dtype: number } };
  executeSingleOutput(
    name: string,
    attributes: readonly BindingAttribute[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly BindingAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  /** TensorFlow's ids of tensors; uploads those whose values are still in JavaScript. */
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

/** The current backend if it is tfjs-node's, else null. */
export function nodeBackend(): NodeBackend | null {
  const backend = tf.backend();
  return 'executeMultipleOutputs' in backend && 'binding' in backend
    ? (backend as NodeBackend)
    : null;
}

/** Runs a function while the given methods of the backend's binding are replaced. */
export function withBinding<Result>(
  backend: NodeBackend,
  overrides: Partial<NodeBinding>,
  run: () => Result,
): Result {
  const { binding } = backend;
  backend.binding = Object.create(
    binding,
    Object.getOwnPropertyDescriptors(overrides),
  ) as NodeBinding;
  try {
    return run();
  } finally {
    backend.binding = binding;
  }
}
