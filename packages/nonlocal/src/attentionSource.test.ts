import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { NonLocalAttention } from './layers/nonLocalAttention.js';
import type { AttentionMode } from './layers/nonLocalAttentionConfig.js';
import { peakBytes } from './testing/peakBytes.js';

/** Computed by test/golden/make_attention_source.py with PyTorch's autograd and the whole matrix, in float64. */
const golden = JSON.parse(
  readFileSync(new URL('../test/golden/attention_source.json', import.meta.url), 'utf8'),
) as {
  cases: {
    mode: AttentionMode;
    pooled: boolean;
    gamma: number;
    shape: number[];
    source: number[];
    received?: number[];
    entropy?: number[];
  }[];
};

/** sin(a i + b) s, as the script fills tensors. */
const fill = (shape: number[], { a, b, s }: { a: number; b: number; s: number }): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(a * i + b) * s),
    shape,
  );
const inputShape = [2, 6, 4, 6];
const order = ['theta', 'phi', 'g'];

/** The layer with the weights of the script. A residual with gamma adds the input, whose gradient does not matter here. */
function layerOf({ mode, pooled, gamma }: (typeof golden.cases)[number]): NonLocalAttention {
  const layer = new NonLocalAttention({
    name: 'nam',
    mode,
    subSample: pooled ? 'projection' : 'none',
    residual: gamma === 1 ? 'none' : 'gamma',
    blockRows: 5, // 24 queries in blocks of 5: the matrix is never whole
  });
  const model = tfl.model(attentionOf(layer));
  tf.tidy(() => {
    for (const weight of model.weights) {
      const [, name, part] = /(\w+)\.?(weight|bias)?$/.exec(weight.originalName)!;
      const i = order.indexOf(name);
      const shape = weight.shape as number[];
      if (part === undefined) weight.write(tf.tensor1d([gamma]));
      else if (part === 'bias') weight.write(fill(shape, { a: 0.9, b: 0.4 * i, s: 0.3 }));
      else weight.write(fill(shape, { a: 0.7 + 0.1 * i, b: 0.3 * i, s: 0.8 }));
    }
  });
  return layer;
}

function attentionOf(
  layer: NonLocalAttention,
  shape = inputShape.slice(1),
): Parameters<typeof tfl.model>[0] {
  const input = tfl.input({ shape });
  return { inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor };
}

eachBackend(() => {
  it.each(golden.cases.map((row) => [row.mode, row] as const))(
    'gives source, received attention and entropy of mode %s as autograd with the whole matrix does',
    (_, row) => {
      const layer = layerOf(row);
      const x = fill(inputShape, { a: 0.37, b: 0.2, s: 1.5 }) as tf.Tensor4D;
      const gradient = fill(inputShape, { a: 0.53, b: 0.1, s: 0.7 }) as tf.Tensor4D;
      const before = tf.memory().numTensors;
      const compare = (
        result: tf.Tensor3D,
        expected: readonly number[],
        shape: readonly number[] = row.shape,
      ): void => {
        expect(result.shape).toEqual(shape);
        const values = result.dataSync<'float32'>();
        const largest = Math.max(...expected.map(Math.abs));
        expected.forEach((value, i) =>
          expect(Math.abs(values[i] - value) / largest).toBeLessThan(1e-5),
        );
      };
      tf.tidy(() => compare(layer.attentionSource(x, gradient), row.source));
      const { received, entropy } = row;
      if (received === undefined || entropy === undefined) {
        expect(() => layer.attentionReceived(x)).toThrow('has no attention weights');
        expect(() => layer.attentionEntropy(x)).toThrow('has no attention weights');
      } else {
        tf.tidy(() => compare(layer.attentionReceived(x), received));
        tf.tidy(() => compare(layer.attentionEntropy(x), entropy, inputShape.slice(0, 3)));
      }
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([x, gradient]);
      layer.dispose();
    },
  );

  it('needs memory in proportion to the number of positions', () => {
    const layer = new NonLocalAttention({ name: 'nam', blockRows: 16 });
    tfl.model(attentionOf(layer, [40, 40, 6]));
    const peakOf = (size: number): number =>
      tf.tidy(() => {
        const x = fill([1, size, size, 6], { a: 0.37, b: 0.2, s: 1.5 }) as tf.Tensor4D;
        return peakBytes(() =>
          tf.tidy(
            () =>
              void [
                layer.attentionSource(x, x),
                layer.attentionReceived(x),
                layer.attentionEntropy(x),
              ],
          ),
        );
      });
    // four times the positions; the whole matrix would grow 16 times, and has 10 MB at 40 x 40
    expect(peakOf(40) / peakOf(20)).toBeLessThan(5);
    expect(peakOf(40)).toBeLessThan(2e6);
    layer.dispose();
  });
});
