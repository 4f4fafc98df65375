import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { nativeKernels } from './nativeKernels.js';

eachBackend((backend) => {
  it.runIf(backend === 'wasm')('is null', () => {
    expect(nativeKernels()).toBeNull();
  });

  describe.runIf(backend === 'native')('nativeKernels', () => {
    it('knows which kernels there are', () => {
      const kernels = nativeKernels()!;
      expect(
        ['Conv2D', '_MklNativeConv2D', 'ResourceApplyAdam', 'NoSuchKernel', '_MklNoSuchKernel'].map(
          (name) => kernels.has(name),
        ),
      ).toEqual([true, true, true, false, false]);
    });

    it('runs a kernel with attributes of every kind, and tidy frees its results', () => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
        const attributes = {
          T: { type: 'float32' },
          ksize: [1, 2, 2, 1],
          strides: [1, 2, 2, 1],
          padding: 'VALID',
          data_format: 'NHWC',
        } as const;
        const [y] = nativeKernels()!.run('AvgPool', attributes, [x], 1);
        expect(y.shape).toEqual([1, 1, 1, 1]);
        expect(y.dataSync()[0]).toBe(2.5);
        const [top, where] = nativeKernels()!.run(
          'TopKV2',
          { T: { type: 'float32' }, sorted: true },
          [tf.reshape(x, [4]), tf.scalar(2, 'int32')],
          2,
        );
        expect([Array.from(top.dataSync()), Array.from(where.dataSync())]).toEqual([
          [4, 3],
          [3, 2],
        ]);
        const [filled] = nativeKernels()!.run(
          'RandomUniform',
          { T: { type: 'int32' }, dtype: { type: 'float32' }, seed: { int: 1 }, seed2: { int: 2 } },
          [tf.tensor1d([3], 'int32')],
          1,
        );
        expect(filled.shape).toEqual([3]);
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    it('says what TensorFlow says of a wrong call', () => {
      expect(() => tf.tidy(() => nativeKernels()!.run('NoSuchKernel', {}, [], 1))).toThrow(
        /NoSuchKernel/,
      );
    });
  });
});
