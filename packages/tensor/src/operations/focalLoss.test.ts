import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { asGraph, sigmoidFocalLoss, softmaxCrossEntropy, softmaxFocalLoss } from '../index.js';

/** Loss and gradient of PyTorch and torchvision in float64, from test/golden/make_losses.py. */
interface Case {
  readonly name: string;
  readonly logits: number[][];
  readonly labels: number[] | (number | null)[][];
  readonly options: { readonly gamma?: number; readonly classWeights?: number[] };
  readonly loss: number;
  readonly gradient: number[][];
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/losses.json', import.meta.url), 'utf8'),
) as Record<'smoothing' | 'softmaxFocal' | 'sigmoidFocal', Case[]>;

type Loss = (logits: tf.Tensor2D, labels: tf.Tensor, options: Case['options']) => tf.Scalar;
const losses: Readonly<Record<keyof typeof golden, Loss>> = {
  smoothing: (x, labels, options) => softmaxCrossEntropy(x, labels as tf.Tensor1D, options),
  softmaxFocal: (x, labels, options) => softmaxFocalLoss(x, labels as tf.Tensor1D, options),
  sigmoidFocal: (x, labels, options) => sigmoidFocalLoss(x, labels as tf.Tensor2D, options),
};

const labelTensor = (labels: Case['labels']): tf.Tensor =>
  Array.isArray(labels[0])
    ? tf.tensor2d((labels as (number | null)[][]).map((row) => row.map((label) => label ?? NaN)))
    : tf.tensor1d(labels as number[], 'int32');

/** [loss, gradient] */
function compute(loss: Loss, { labels, options }: Pick<Case, 'labels' | 'options'>) {
  return ([logits]: readonly tf.Tensor[]): tf.Tensor[] =>
    tf.tidy(() => {
      const truth = labelTensor(labels);
      const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
        loss(x as tf.Tensor2D, truth, options),
      )(logits);
      return [value, grad];
    });
}

eachBackend((backend) => {
  describe.each(Object.keys(losses) as (keyof typeof golden)[])('%s', (kind) => {
    it.each(golden[kind])('equals PyTorch: $name', (golden) => {
      const before = tf.memory().numTensors;
      const logits = tf.tensor2d(golden.logits);
      const [loss, gradient] = compute(losses[kind], golden)([logits]);
      expect(Math.abs(loss.dataSync()[0] / golden.loss - 1)).toBeLessThan(2e-6);
      const expected = golden.gradient.flat();
      // float32 against float64: some roundings of each number, of which the largest also enters the small ones
      const scale = 1e-7 * Math.max(...expected.map(Math.abs));
      gradient
        .dataSync()
        .forEach((value, i) =>
          expect(Math.abs(value - expected[i]), `${value} at ${i}`).toBeLessThanOrEqual(
            3e-6 * Math.abs(expected[i]) + scale,
          ),
        );
      tf.dispose([logits, loss, gradient]);
      expect(tf.memory().numTensors).toBe(before);
    });

    it('is finite for logits of 80 and 10000', () => {
      const logits = tf.tensor2d([[80, -80], [-80, 80], [1e4, -1e4]]); // prettier-ignore
      const labels = kind === 'sigmoidFocal' ? [[1, 0], [1, 0], [0, 1]] : [0, 0, 1]; // prettier-ignore
      const options = kind === 'smoothing' ? { labelSmoothing: 0.1 } : { gamma: 0.5 };
      const [loss, gradient] = compute(losses[kind], { labels, options })([logits]);
      expect(Number.isFinite(loss.dataSync()[0])).toBe(true);
      expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
      tf.dispose([logits, loss, gradient]);
    });

    it.runIf(backend === 'native')('runs as a graph', () => {
      const graph = asGraph({ compute: compute(losses[kind], golden[kind][1]), variables: [] });
      for (let call = 0; call < 5; call++) {
        const logits = tf.tensor2d(golden[kind][1].logits.map((row) => row.map((x) => x + call)));
        tf.dispose([logits, ...graph.run([logits])]);
      }
      expect([graph.graphs(), graph.refusals()]).toEqual([1, []]);
      graph.dispose();
    });
  });

  it.each<[string, () => tf.Scalar, RegExp]>([
    [
      'a negative gamma',
      () => softmaxFocalLoss(tf.zeros([1, 2]), tf.tensor1d([0], 'int32'), { gamma: -1 }),
      /gamma .* not -1/,
    ],
    [
      'an alpha above 1',
      () => sigmoidFocalLoss(tf.zeros([1, 2]), tf.zeros([1, 2]), { alpha: 2 }),
      /alpha .* not 2/,
    ],
    [
      'a missing class weight',
      () => softmaxFocalLoss(tf.zeros([1, 2]), tf.tensor1d([0], 'int32'), { classWeights: [1] }),
      /2 classes need 2 weights, not 1/,
    ],
    [
      'a smoothing of 1',
      () => softmaxCrossEntropy(tf.zeros([1, 2]), tf.tensor1d([0], 'int32'), { labelSmoothing: 1 }),
      /smoothing .* not 1/,
    ],
  ])('refuses %s with the value in the message', (_, loss, message) => {
    expect(() => tf.tidy(loss)).toThrow(message);
  });
});
