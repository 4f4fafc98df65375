import * as tf from '@tensorflow/tfjs-core';
import type { NativeKernels } from './nativeKernels.js';

/** A float32 variable inside TensorFlow, which kernels can update in place. */
export interface ResourceVariable {
  /** The variable as kernels take it. */
  readonly handle: tf.Tensor;
  assign(value: tf.Tensor): void;
  /** Copies values in. */
  set(values: Float32Array): void;
  /** A tensor that shares the variable's memory until the variable changes. */
  read(): tf.Tensor;
  /** Copies the values out. */
  values(): Float32Array;
  dispose(): void;
}

/** Creates a variable without a value; the caller frees it with `dispose`. */
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
  const handle = tf.keep(kernels.run({ name: 'VarHandleOp', attributes }, []));
  const read = (): tf.Tensor =>
    kernels.run({ name: 'ReadVariableOp', attributes: { dtype: { type: 'float32' } } }, [handle]);
  const assign = (value: tf.Tensor): void =>
    void kernels.runMultiple(
      {
        name: 'AssignVariableOp',
        attributes: { dtype: { type: 'float32' }, validate_shape: false },
      },
      [handle, value],
      0,
    );
  return {
    handle,
    assign,
    set: (values) => tf.tidy(() => assign(tf.tensor(values.slice(), [...shape]))),
    read,
    values() {
      // Not in a tidy, which would search the returned values one by one for tensors.
      const value = read();
      const values = value.dataSync<'float32'>().slice();
      value.dispose();
      return values;
    },
    dispose() {
      if (handle.isDisposed) return;
      kernels.runMultiple(
        { name: 'DestroyResourceOp', attributes: { ignore_lookup_error: true } },
        [handle],
        0,
      );
      handle.dispose();
    },
  };
}
