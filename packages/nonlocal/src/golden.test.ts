import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { crissCrossAttention } from './crissCrossAttention.js';
import { NonLocalAttention } from './layers/nonLocalAttention.js';
import { NonLocalContextFusion } from './layers/nonLocalContextFusion.js';
import { expectClose } from './testing/expectClose.js';
import {
  fill,
  type GoldenCase,
  goldenCase,
  nchwValues,
  parameter,
  toNhwc,
} from './testing/golden.js';

/** float32 against float64 vectors. */
const TOLERANCE = 1e-5;

/** Output, input gradient and the sum of each parameter's gradient against the vectors. */
function expectGolden(
  golden: GoldenCase,
  f: (x: tf.Tensor4D, parameters: Record<string, tf.Tensor>) => tf.Tensor,
): void {
  tf.tidy(() => {
    const x = toNhwc(fill(golden.x));
    const names = Object.keys(golden.params);
    const parameters = names.map((name) => parameter(golden.params[name]));
    const run = (input: tf.Tensor, ...values: tf.Tensor[]): tf.Tensor =>
      f(input as tf.Tensor4D, Object.fromEntries(names.map((name, i) => [name, values[i]])));
    expectClose(nchwValues(run(x, ...parameters)), golden.y, TOLERANCE);
    const [dx, ...dParameters] = tf.grads(run)([x, ...parameters], toNhwc(fill(golden.dy)));
    expectClose(nchwValues(dx), golden.dx, TOLERANCE);
    names.forEach((name, i) =>
      expect(tf.sum(dParameters[i]).dataSync()[0], name).toBeCloseTo(
        golden.param_grad_sums[name],
        4,
      ),
    );
  });
}

/** Runs a layer with given weights, differentiably. */
function withWeights(
  layer: NonLocalAttention,
  x: tf.Tensor4D,
  parameters: Record<string, tf.Tensor>,
): tf.Tensor {
  if (!layer.built) layer.build(x.shape);
  layer.built = true;
  for (const weight of layer.weights) {
    const name = Object.keys(parameters).find((key) => weight.originalName.endsWith(key)) as string;
    weight.read = () => parameters[name];
  }
  return layer.call(x);
}

eachBackend(() => {
  it.each([undefined, 7])('computes NAM as PyTorch (blockRows %s)', (blockRows) => {
    const layer = new NonLocalAttention({ blockRows });
    expectGolden(goldenCase('nam'), (x, parameters) => withWeights(layer, x, parameters));
  });

  it('fuses a map of 10 to 4 as PyTorch', () => {
    const golden = { ...goldenCase('nvcf_10_to_4'), params: {} };
    const layer = new NonLocalContextFusion();
    expectGolden(golden, (x) =>
      tf.slice4d(
        layer.call([tf.zeros([1, 4, 4, 3]), x]) as tf.Tensor4D,
        [0, 0, 0, 3],
        [1, 4, 4, 6],
      ),
    );
  });

  it('fuses a map of 97 to 13 as PyTorch', () => {
    const golden = goldenCase('nvcf_97_to_13');
    tf.tidy(() => {
      const fused = new NonLocalContextFusion().call([
        tf.zeros([1, 13, 13, 1]),
        toNhwc(fill(golden.x)),
      ]);
      expectClose(nchwValues(tf.slice(fused, [0, 0, 0, 1])), golden.y, TOLERANCE);
    });
  });

  it('computes recurrent criss-cross attention as PyTorch', () => {
    expectGolden(goldenCase('rcca_R2'), (x, parameters) => {
      const project = (map: tf.Tensor4D, name: string): tf.Tensor4D => {
        const [, , channels, filters] = parameters[`${name}.weight`].shape;
        const rows = tf.matMul(
          tf.reshape(map, [-1, channels]),
          tf.reshape(parameters[`${name}.weight`], [channels, filters]),
        );
        return tf.reshape(tf.add(rows, parameters[`${name}.bias`]), [
          ...map.shape.slice(0, 3),
          filters,
        ] as [number, number, number, number]);
      };
      const once = (map: tf.Tensor4D): tf.Tensor4D =>
        tf.add(
          tf.mul(
            crissCrossAttention(project(map, 'q'), project(map, 'k'), project(map, 'v')),
            parameters.gamma,
          ),
          map,
        );
      return once(once(x));
    });
  });
});
