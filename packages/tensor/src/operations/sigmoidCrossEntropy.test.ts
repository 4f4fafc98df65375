import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { asGraph, sigmoidCrossEntropy, type SigmoidCrossEntropyOptions } from '../index.js';

/** Loss and gradient of PyTorch in float64, from test/golden/make_sigmoid_cross_entropy.py. */
interface Case {
  readonly name: string;
  readonly logits: number[][];
  readonly labels: (number | null)[][];
  readonly positiveWeights: number[] | null;
  readonly reduction: 'mean' | 'sum';
  readonly loss: number;
  readonly gradient: number[][];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../test/golden/sigmoid_cross_entropy.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** Of float32 against float64, relative to each number: some roundings of 6e-8. */
const TOLERANCE = 2e-6;
/** PyTorch computes sigmoid(x) - 1, which is exact to the last bit of 1 in float64. */
const LAST_BIT = 2 ** -52;

function lossAndGradient(
  logits: number[][],
  labels: (number | null)[][],
  options?: SigmoidCrossEntropyOptions,
): { loss: number; gradient: Float32Array } {
  return tf.tidy(() => {
    const known = tf.tensor2d(labels.map((row) => row.map((label) => label ?? NaN)));
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      sigmoidCrossEntropy(x as tf.Tensor2D, known, options),
    )(tf.tensor2d(logits));
    return { loss: value.dataSync()[0], gradient: grad.dataSync<'float32'>() };
  });
}

function expectEach(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(
      Math.abs(actual[i] - value),
      `${actual[i]} instead of ${value} at ${i}`,
    ).toBeLessThanOrEqual(TOLERANCE * Math.abs(value) + LAST_BIT),
  );
}

eachBackend((backend) => {
  it.each(cases)(
    'equals torch.nn.BCEWithLogitsLoss: $name',
    ({ logits, labels, positiveWeights, reduction, loss, gradient }) => {
      const before = tf.memory().numTensors;
      const found = lossAndGradient(logits, labels, {
        reduction,
        ...(positiveWeights === null ? {} : { positiveWeights }),
      });
      expect(tf.memory().numTensors).toBe(before);
      expectEach([found.loss], [loss]);
      expectEach(found.gradient, gradient.flat());
    },
  );

  it('keeps the upstream gradient and leaks no tensors without tidy', () => {
    const logits = tf.tensor2d([[2, -1]]);
    const labels = tf.tensor2d([[1, NaN]]);
    const upstream = tf.scalar(3);
    const before = tf.memory().numTensors;
    const loss = sigmoidCrossEntropy(logits, labels);
    expect(tf.memory().numTensors).toBe(before + 1);
    const gradient = tf.grad((x: tf.Tensor) => sigmoidCrossEntropy(x as tf.Tensor2D, labels))(
      logits,
      upstream,
    );
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(upstream.isDisposed).toBe(false);
    expectEach(gradient.dataSync(), [-3 / (1 + Math.exp(2)), 0]);
    tf.dispose([logits, labels, upstream, loss, gradient]);
  });

  it('is 0 without a gradient if no label is known', () => {
    const { loss, gradient } = lossAndGradient([[5, -5]], [[-1, null]]);
    expect(loss).toBe(0);
    expect(Array.from(gradient, Math.abs)).toEqual([0, 0]);
  });

  it('keeps gradients that 1 - sigmoid would round to 0', () => {
    const { gradient } = lossAndGradient([[80, -80]], [[1, 0]], { reduction: 'sum' });
    expect(gradient[0] / -Math.exp(-80)).toBeCloseTo(1, 5);
    expect(gradient[1] / Math.exp(-80)).toBeCloseTo(1, 5);
  });

  it('does not depend on the logits of unknown labels', () => {
    const one = lossAndGradient([[1, 7]], [[1, null]]);
    expect(lossAndGradient([[1, -9000]], [[1, -1]])).toEqual(one);
  });

  it.runIf(backend === 'native')('runs as a graph, whose mask follows the labels', () => {
    const compute = ([logits, labels]: readonly tf.Tensor[]): tf.Tensor[] =>
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
          sigmoidCrossEntropy(x as tf.Tensor2D, labels as tf.Tensor2D, { positiveWeights: [2, 1] }),
        )(logits);
        return [value, grad];
      });
    const graph = asGraph({ compute, variables: [] });
    const logits = tf.tensor2d([[0.5, -2]]);
    for (const row of [
      [1, 0],
      [0, NaN],
      [-1, 1],
      [1, 1],
      [NaN, 0],
      [0, 1],
    ]) {
      const labels = tf.tensor2d([row]);
      const expected = compute([logits, labels]);
      const found = graph.run([logits, labels]);
      found.forEach((tensor, i) => expect(tensor.dataSync()).toEqual(expected[i].dataSync()));
      tf.dispose([labels, ...expected, ...found]);
    }
    expect(graph.refusals()).toEqual([]);
    graph.dispose();
    logits.dispose();
  });

  it.each([
    {
      title: 'labels of another shape',
      labels: [[1]],
      positiveWeights: [1, 1],
      message: /\[1, 2\] .* not \[1, 1\]/,
    },
    {
      title: 'a missing weight',
      labels: [[1, 0]],
      positiveWeights: [1],
      message: /2 findings need 2 positive weights, not 1/,
    },
    {
      title: 'a weight of 0',
      labels: [[1, 0]],
      positiveWeights: [1, 0],
      message: /finding 1 must be a positive number, not 0/,
    },
    {
      title: 'a weight that is NaN',
      labels: [[1, 0]],
      positiveWeights: [NaN, 1],
      message: /finding 0 must be a positive number, not NaN/,
    },
  ])('refuses $title with the value in the message', ({ labels, positiveWeights, message }) => {
    expect(() =>
      tf.tidy(() =>
        sigmoidCrossEntropy(tf.zeros([1, 2]), tf.tensor2d(labels), { positiveWeights }),
      ),
    ).toThrow(message);
  });
});
