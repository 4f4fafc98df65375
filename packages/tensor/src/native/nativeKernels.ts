import type * as tf from '@tensorflow/tfjs-core';
import { bindingAttributes, type KernelAttributes } from './kernelAttributes.js';
import { type NodeBackend, nodeBackend } from './nodeBackend.js';

/** A TensorFlow kernel with the attributes it runs with. */
export interface KernelCall {
  readonly name: string;
  readonly attributes: KernelAttributes;
}

/** Access to TensorFlow's own kernels by name, on the native backend. */
export interface NativeKernels {
  /** Whether this TensorFlow can run the kernel on the current device. The answer is cached per name. */
  has(name: string): boolean;
  /**
   * Runs a kernel that has one output.
   * @returns the output, tracked by `tf.tidy` like any other tensor. It has no gradient: call this inside `differentiable`.
   */
  run(call: KernelCall, inputs: readonly tf.Tensor[]): tf.Tensor;
  /** Like `run`, for a kernel with any number of outputs. */
  runMultiple(call: KernelCall, inputs: readonly tf.Tensor[], outputs: number): tf.Tensor[];
}

let cached: { readonly backend: tf.KernelBackend; readonly kernels: NativeKernels } | undefined;

/** TensorFlow's kernels if the current backend is tfjs-node's, else null. */
export function nativeKernels(): NativeKernels | null {
  const backend = nodeBackend();
  if (backend === null) return null;
  if (cached?.backend === backend) return cached.kernels;
  cached = { backend, kernels: kernelsOf(backend) };
  return cached.kernels;
}

function kernelsOf(backend: NodeBackend): NativeKernels {
  const available = new Map<string, boolean>();
  const runMultiple: NativeKernels['runMultiple'] = ({ name, attributes }, inputs, outputs) =>
    backend.executeMultipleOutputs(
      name,
      bindingAttributes(attributes, backend.binding),
      inputs,
      outputs,
    );
  return {
    has(name) {
      let found = available.get(name);
      if (found === undefined) available.set(name, (found = isAvailable(backend, name)));
      return found;
    },
    run: (call, inputs) => runMultiple(call, inputs, 1)[0],
    runMultiple,
  };
}

/**
 * Calls the kernel without inputs: TensorFlow complains about the missing inputs if it knows the kernel, else about the
 * name. oneDNN's kernels exist for the CPU only.
 */
function isAvailable({ binding, isUsingGpuDevice }: NodeBackend, name: string): boolean {
  if (isUsingGpuDevice && name.startsWith('_Mkl')) return false;
  try {
    binding.executeOp(name, [], [], 1);
    return true;
  } catch (error) {
    return !/TF_Status: 5\b/.test(String(error)); // 5 is NOT_FOUND
  }
}
