import type * as tf from '@tensorflow/tfjs-core';
import { bindingAttributes, type KernelAttributes } from './kernelAttributes.js';
import { type NodeBackend, nodeBackend } from './nodeBackend.js';

/** Access to TensorFlow's own kernels by name, on the native backend. */
export interface NativeKernels {
  /** Whether this TensorFlow can run the kernel on the device in use; asked once a name. */
  has(name: string): boolean;
  /** Runs a kernel; its results are tracked by `tf.tidy` like any other. Not differentiable: call it inside an operation with its own gradient. */
  run(
    name: string,
    attributes: KernelAttributes,
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

let known: { readonly backend: tf.KernelBackend; readonly kernels: NativeKernels } | undefined;

/** TensorFlow's kernels where the backend set now is tfjs-node's, else null. */
export function nativeKernels(): NativeKernels | null {
  const backend = nodeBackend();
  if (backend === null) return null;
  if (known?.backend === backend) return known.kernels;
  known = { backend, kernels: kernelsOf(backend) };
  return known.kernels;
}

function kernelsOf(backend: NodeBackend): NativeKernels {
  const probed = new Map<string, boolean>();
  return {
    has(name) {
      let found = probed.get(name);
      if (found === undefined) probed.set(name, (found = probe(backend, name)));
      return found;
    },
    run: (name, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(
        name,
        bindingAttributes(attributes, backend.binding),
        inputs,
        outputs,
      ),
  };
}

/** Calls the kernel without inputs: a known one complains about these, an unknown one about its name. oneDNN's kernels exist for the CPU only. */
function probe({ binding, isUsingGpuDevice }: NodeBackend, name: string): boolean {
  if (isUsingGpuDevice && name.startsWith('_Mkl')) return false;
  try {
    binding.executeOp(name, [], [], 1);
    return true;
  } catch (error) {
    return !/TF_Status: 5\b/.test(String(error)); // 5 is NOT_FOUND
  }
}
