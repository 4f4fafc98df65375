import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { nativeKernels } from './nativeKernels.js';

eachBackend((backend) => {
  it.runIf(backend === 'wasm')('returns null on a backend other than tfjs-node', () => {
    expect(nativeKernels()).toBeNull();
  });

  describe.runIf(backend === 'native')('nativeKernels', () => {
    it('reports which kernels exist', () => {
      const kernels = nativeKernels()!;
      expect(
        ['Conv2D', '_MklNativeConv2D', 'ResourceApplyAdam', 'NoSuchKernel', '_MklNoSuchKernel'].map(
          (name) => kernels.has(name),
        ),
      ).toEqual([true, true, true, false, false]);
    });

    it('runs kernels with attributes of every kind, and lets tidy free the results', () => {
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
        const y = nativeKernels()!.run({ name: 'AvgPool', attributes }, [x]);
        expect(y.shape).toEqual([1, 1, 1, 1]);
        expect(y.dataSync()[0]).toBe(2.5);
        const [top, indices] = nativeKernels()!.runMultiple(
          { name: 'TopKV2', attributes: { T: { type: 'float32' }, sorted: true } },
          [tf.reshape(x, [4]), tf.scalar(2, 'int32')],
          2,
        );
        expect([Array.from(top.dataSync()), Array.from(indices.dataSync())]).toEqual([
          [4, 3],
          [3, 2],
        ]);
        const filled = nativeKernels()!.run(
          {
            name: 'RandomUniform',
            attributes: {
              T: { type: 'int32' },
              dtype: { type: 'float32' },
              seed: { int: 1 },
              seed2: { int: 2 },
            },
          },
          [tf.tensor1d([3], 'int32')],
        );
        expect(filled.shape).toEqual([3]);
      });
      expect(tf.memory().numTensors).toBe(before);
    });

    it("passes on TensorFlow's error for a wrong call", () => {
      expect(() =>
        tf.tidy(() => nativeKernels()!.run({ name: 'NoSuchKernel', attributes: {} }, [])),
      ).toThrow(/NoSuchKernel/);
    });
  });
});
