import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernels } from './nativeKernels.js';

/** A variable inside TensorFlow, which kernels can change in place. Float32. */
export interface ResourceVariable {
  /** What kernels take as the variable. */
  readonly handle: tf.Tensor;
  assign(value: tf.Tensor): void;
  /** Copies numbers in. */
  set(values: Float32Array): void;
  /** A tensor that shares the variable's memory until the variable changes. */
  read(): tf.Tensor;
  /** Copies the numbers out. */
  values(): Float32Array;
  dispose(): void;
}

/** Makes a variable without a value; the caller frees it with `dispose`. */
export function createResourceVariable(
  kernels: NativeKernels,
  shape: readonly number[],
): ResourceVariable {
  const attributes = {
    container: '',
    shared_name: crypto.randomUUID(),
    dtype: { type: 'float32' },
    shape: { shape },
  } as const;
  const handle = tf.keep(kernels.run('VarHandleOp', attributes, [], 1)[0]);
  const read = (): tf.Tensor =>
    kernels.run('ReadVariableOp', { dtype: { type: 'float32' } }, [handle], 1)[0];
  const assign = (value: tf.Tensor): void =>
    void kernels.run(
      'AssignVariableOp',
      { dtype: { type: 'float32' }, validate_shape: false },
      [handle, value],
      0,
    );
  return {
    handle,
    assign,
    set: (values) => tf.tidy(() => assign(tf.tensor(values.slice(), [...shape]))),
    read,
    values() {
      // Not in a tidy: it would walk through the numbers it returns, one by one, in search of tensors.
      const value = read();
      const numbers = value.dataSync<'float32'>().slice();
      value.dispose();
      return numbers;
    },
    dispose() {
      if (handle.isDisposed) return;
      kernels.run('DestroyResourceOp', { ignore_lookup_error: true }, [handle], 0);
      handle.dispose();
    },
  };
}
