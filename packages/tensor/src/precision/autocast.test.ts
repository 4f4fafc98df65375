import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { asGraph } from '../graph/asGraph.js';
import { kernelChoices, precisionOfChoices, setKernelChoices } from '../native/kernelChoices.js';
import { nodeBackend, withBinding } from '../native/nodeBackend.js';
import { batchNormTrain } from '../operations/batchNormTrain.js';
import { conv2d } from '../operations/conv2d.js';
import { depthwiseConv2d } from '../operations/depthwiseConv2d.js';
import { globalAveragePool } from '../operations/globalPool.js';
import { linear } from '../operations/linear.js';
import { matMul } from '../operations/matMul.js';
import { maxPool } from '../operations/maxPool.js';
import { addRelu } from '../operations/relu.js';
import { resizeBilinear } from '../operations/resizeBilinear.js';
import { softmax } from '../operations/softmax.js';
import { softmaxCrossEntropy } from '../operations/softmaxCrossEntropy.js';
import { autocast, inFloat32, isAutocast, toFloat32 } from './autocast.js';
import { bfloat16Support } from './bfloat16Support.js';

const noise = (shape: number[], seed: number): tf.Tensor =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);

/** Largest difference, relative to the root mean square of what was expected. */
function relativeError(actual: tf.Tensor, expected: tf.Tensor): number {
  return tf
    .tidy(() => {
      const scale = tf.sqrt(tf.mean(tf.square(expected)));
      return tf.div(tf.norm(tf.sub(actual, expected)), tf.mul(scale, Math.sqrt(expected.size)));
    })
    .dataSync()[0];
}

/** Kernels that a computation calls, each with the type it computes in, and how often. */
function countKernels(run: () => void): Record<string, number> {
  const backend = nodeBackend()!;
  const { binding } = backend;
  const counts: Record<string, number> = {};
  withBinding(
    backend,
    {
      executeOp: (...call) => {
        const [name, attributes] = call;
        const type = attributes.find((attribute) => attribute.name === 'T')?.value;
        const label = `${name} ${type === 14 ? 'bfloat16' : type === 1 ? 'float32' : ''}`.trim();
        counts[label] = (counts[label] ?? 0) + 1;
        return binding.executeOp(...call);
      },
    },
    run,
  );
  return counts;
}

/** A network with a stem, a residual block and a head: [B, 16, 16, 3] to logits [B, 4]. */
function smallNetwork() {
  const shapes = {
    stem: [7, 7, 3, 32],
    first: [3, 3, 32, 32],
    second: [3, 3, 32, 32],
    head: [32, 4],
    bias: [4],
  };
  const weights = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [
      name,
      tf.variable(tf.mul(noise(shape, i), 0.1), true),
    ]),
  ) as Record<keyof typeof shapes, tf.Variable>;
  const scale = tf.variable(tf.ones([32])) as unknown as tf.Tensor1D;
  const offset = tf.variable(tf.zeros([32])) as unknown as tf.Tensor1D;
  const normalized = (x: tf.Tensor4D, activation: 'linear' | 'relu'): tf.Tensor4D =>
    batchNormTrain(x, { scale, offset, activation });
  const loss = (images: tf.Tensor4D, labels: tf.Tensor1D): tf.Scalar => {
    const { stem, first, second, head, bias } = weights as unknown as Record<string, tf.Tensor4D>;
    const convolved = conv2d(images, stem, { stride: 2, padding: 3 });
    const pooled = maxPool(normalized(convolved, 'relu'), { size: 3, stride: 2, padding: 1 });
    const inner = normalized(conv2d(pooled, first, { padding: 1 }), 'relu');
    const outer = normalized(conv2d(inner, second, { padding: 1 }), 'linear');
    const features = globalAveragePool(addRelu(outer, pooled));
    const logits = linear(features, head as unknown as tf.Tensor2D, bias as unknown as tf.Tensor1D);
    return softmaxCrossEntropy(logits, labels);
  };
  const variables = Object.values(weights);
  return {
    variables,
    step: ([images, labels]: readonly tf.Tensor[]): tf.Tensor[] =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () => loss(images as tf.Tensor4D, labels as tf.Tensor1D),
          variables,
        );
        return [value, ...variables.map(({ name }) => grads[name])];
      }),
    dispose: () => tf.dispose([...variables, scale, offset]),
  };
}

afterEach(() => setKernelChoices({}, { measure: false, shared: null }));

eachBackend((backend) => {
  it.runIf(backend === 'wasm')('refuses a backend that has no bfloat16', () => {
    expect(() => autocast({ compute: () => [] })).toThrow(
      'bfloat16 needs the backend of native TensorFlow; the current one is wasm',
    );
  });

  describe.runIf(backend === 'native' && bfloat16Support().isSupported)('autocast', () => {
    const image = [2, 9, 9, 16];
    it.each<[string, number[][], (...inputs: tf.Tensor[]) => tf.Tensor]>([
      [
        'conv2d',
        [image, [3, 3, 16, 24]],
        (x, k) => conv2d(x as tf.Tensor4D, k as tf.Tensor4D, { stride: 2, padding: 1 }),
      ],
      [
        'a 1 x 1 conv2d',
        [image, [1, 1, 16, 24]],
        (x, k) => conv2d(x as tf.Tensor4D, k as tf.Tensor4D),
      ],
      [
        'depthwiseConv2d',
        [image, [3, 3, 16, 1]],
        (x, k) => depthwiseConv2d(x as tf.Tensor4D, k as tf.Tensor4D, { padding: 1 }),
      ],
      [
        'matMul',
        [
          [40, 32],
          [32, 50],
        ],
        (a, b) => matMul(a as tf.Tensor2D, b as tf.Tensor2D),
      ],
      [
        'matMul of a batch',
        [
          [3, 40, 32],
          [3, 50, 32],
        ],
        (a, b) => matMul(a as tf.Tensor3D, b as tf.Tensor3D, { transposeB: true }),
      ],
      [
        'linear',
        [[40, 32], [32, 6], [6]],
        (x, k, b) => linear(x, k as tf.Tensor2D, b as tf.Tensor1D),
      ],
    ])('computes %s and its gradients to within 4e-3', (_, shapes, run) => {
      const inputs = shapes.map((shape, i) => noise(shape, i));
      const all = (): tf.Tensor[] => {
        const value = run(...inputs);
        const dy = tf.ones(value.shape);
        return [value, ...tf.grads(run)(inputs, dy)];
      };
      const expected = all();
      const before = tf.memory().numTensors;
      const actual = autocast({ castOnce: inputs, compute: () => tf.tidy(all) });
      expect(tf.memory().numTensors).toBe(before + actual.length);
      actual.forEach((tensor, i) => {
        const error = relativeError(tensor, expected[i]);
        expect(error).toBeLessThan(4e-3);
      });
      // Something was computed in bfloat16.
      expect(relativeError(actual[0], expected[0])).toBeGreaterThan(1e-4);
      tf.dispose([inputs, expected, actual]);
    });

    it('computes in bfloat16 what autocast of PyTorch does, and the rest in float32', () => {
      const network = smallNetwork();
      const inputs = [noise([2, 32, 32, 3], 1), tf.tensor1d([0, 3], 'int32')];
      let results: tf.Tensor[] = [];
      const castOnce = [...network.variables, inputs[0]];
      tf.dispose(autocast({ castOnce, compute: () => network.step(inputs) })); // kernels are chosen
      const counts = countKernels(() => {
        results = autocast({ castOnce, compute: () => network.step(inputs) });
      });
      const inBoth = (type: string): Record<string, number> =>
        Object.fromEntries(
          Object.entries(counts)
            .filter(([name]) => name.endsWith(type) && !name.startsWith('Cast'))
            .map(([name, times]) => [name.replace(` ${type}`, ''), times]),
        );
      expect(inBoth('bfloat16')).toMatchInlineSnapshot(`
        {
          "Add": 2,
          "BiasAdd": 1,
          "PadV2": 1,
          "Relu": 1,
          "ReluGrad": 3,
          "Slice": 1,
          "_MklMatMul": 3,
          "_MklNativeConv2D": 3,
          "_MklNativeConv2DBackpropFilter": 3,
          "_MklNativeConv2DBackpropInput": 2,
          "_MklNativeFusedBatchNormEx": 2,
          "_MklNativeFusedBatchNormGradV3": 3,
          "_MklNativeFusedBatchNormV3": 1,
          "_MklNativeMaxPool": 1,
          "_MklNativeMaxPoolGrad": 1,
        }
      `);
      expect(Object.keys(inBoth('float32')).sort()).toMatchInlineSnapshot(`
        [
          "BiasAddGrad",
          "Exp",
          "Log",
          "Max",
          "Mean",
          "Mul",
          "Neg",
          "PadV2",
          "RealDiv",
          "Reshape",
          "Sub",
          "Sum",
          "Tile",
        ]
      `);
      expect(results.every(({ dtype }) => dtype === 'float32')).toBe(true);
      expect(results.every((result) => Number.isFinite(result.dataSync()[0]))).toBe(true);
      network.dispose();
      tf.dispose([inputs, results]);
    });

    it('gives the same loss, and gradients as near as those of PyTorch', () => {
      const network = smallNetwork();
      const inputs = [noise([4, 32, 32, 3], 1), tf.tensor1d([0, 3, 1, 2], 'int32')];
      const expected = network.step(inputs);
      const actual = autocast({ castOnce: network.variables, compute: () => network.step(inputs) });
      expect(relativeError(actual[0], expected[0])).toBeLessThan(0.01);
      for (let i = 1; i < actual.length; i++)
        expect(relativeError(actual[i], expected[i])).toBeLessThan(0.2);
      network.dispose();
      tf.dispose([inputs, expected, actual]);
    });

    it('runs as a graph whose results equal those of single calls bit for bit', () => {
      const network = smallNetwork();
      const before = tf.memory().numTensors;
      const repeated = asGraph({
        compute: (inputs) =>
          autocast({
            castOnce: [inputs[0], ...network.variables],
            compute: () => network.step(inputs),
          }),
        variables: network.variables,
      });
      for (let call = 0; call < 5; call++) {
        const inputs = [noise([2, 32, 32, 3], call), tf.tensor1d([0, 3], 'int32')];
        const results = tf.tidy(() => repeated.run(inputs));
        const expected = autocast({
          castOnce: [inputs[0], ...network.variables],
          compute: () => network.step(inputs),
        });
        results.forEach((result, i) =>
          expect(Array.from(result.dataSync())).toEqual(Array.from(expected[i].dataSync())),
        );
        tf.dispose([inputs, results, expected]);
      }
      expect(repeated.refusals()).toEqual([]);
      expect(repeated.graphs()).toBe(1);
      repeated.dispose();
      expect(tf.memory().numTensors).toBe(before);
      network.dispose();
    });

    it('leaves to float32 what asks for it', () => {
      const [a, b] = [noise([8, 8], 1), noise([8, 8], 2)];
      const x = noise([1, 7, 5, 4], 3) as tf.Tensor4D;
      const expected = [tf.matMul(a, b), softmax(a), resizeBilinear(x, [3, 4])];
      const actual = autocast({
        compute: () => {
          expect(isAutocast()).toBe(true);
          const product = inFloat32(() => {
            expect(isAutocast()).toBe(false);
            return tf.matMul(a, b);
          });
          return [product, softmax(a), resizeBilinear(x, [3, 4])];
        },
      });
      expect(isAutocast()).toBe(false);
      actual.forEach((tensor, i) =>
        expect(Array.from(tensor.dataSync())).toEqual(Array.from(expected[i].dataSync())),
      );
      tf.dispose([a, b, x, expected, actual]);
    });

    it('leaves the backend as it was, also after an error', () => {
      const a = noise([8, 8], 1);
      const before = tf.memory().numTensors;
      expect(() =>
        autocast({
          castOnce: [a],
          compute: () =>
            tf.tidy(() => {
              tf.matMul(a, a);
              throw new Error('inside');
            }),
        }),
      ).toThrow('inside');
      expect(tf.memory().numTensors).toBe(before);
      expect(countKernels(() => tf.matMul(a, a).dispose())).toEqual({ 'BatchMatMulV2 float32': 1 });
      expect(() => autocast({ compute: () => autocast({ compute: () => [] }) })).toThrow(
        'autocast cannot run inside autocast',
      );
      a.dispose();
    });

    it('chooses kernels of both types, apart from those in float32', () => {
      const [a, b] = [noise([16, 16], 1), noise([16, 16], 2)] as tf.Tensor2D[];
      const product = (): tf.Tensor[] => [matMul(a, b)];
      const [exact, rounded] = [product()[0], autocast({ compute: product })[0]];
      expect(kernelChoices()).toEqual({
        'MatMul 16x16 16x16': 'oneDnn',
        'MatMul 16x16 16x16 bfloat16': 'oneDnn',
      });
      expect(precisionOfChoices(kernelChoices())).toEqual({ operations: 1, inFloat32: 0 });
      setKernelChoices({ 'MatMul 16x16 16x16 bfloat16': 'float32 oneDnn' });
      expect(precisionOfChoices(kernelChoices())).toEqual({ operations: 1, inFloat32: 1 });
      // The product is float32's, rounded to bfloat16.
      const [inFull] = autocast({ compute: () => [toFloat32(matMul(a, b))] });
      expect(relativeError(inFull, exact)).toBeLessThan(2e-3);
      expect(relativeError(inFull, exact)).toBeGreaterThan(1e-4);
      tf.dispose([a, b, exact, rounded, inFull]);
    });
  });
});
