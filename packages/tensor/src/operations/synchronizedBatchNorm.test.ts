import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { batchNormTrain, softmaxCrossEntropy, synchronizeBatchNorm } from '../index.js';
import { expectClose } from '../testing/expectClose.js';
import { fromTorch, toTorch } from '../testing/goldenModule.js';
import { simulateMembers } from '../testing/simulateMembers.js';

/** PyTorch's BatchNorm2d on a whole batch, in float64; see make_synchronized_batch_norm.py beside it. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/synchronized_batch_norm.json', import.meta.url), 'utf8'),
) as Record<
  | 'shape'
  | 'labels'
  | 'class_weights'
  | 'weight'
  | 'bias'
  | 'head'
  | 'y'
  | 'dx'
  | 'dweight'
  | 'dbias'
  | 'running_mean'
  | 'running_var',
  number[]
> & { loss: number };
const TOLERANCE = 2e-6;
const [IMAGES, CHANNELS] = golden.shape;
const VALUES = golden.shape.reduce((product, length) => product * length, 1);

const wholeBatch = (): tf.Tensor4D =>
  fromTorch(
    tf.tensor(
      Float32Array.from({ length: VALUES }, (_, i) => Math.sin(0.37 * i + 0.2) + 5),
      golden.shape,
    ),
  );

const summed = (rows: readonly ArrayLike<number>[]): number[] =>
  Array.from(rows[0], (_, i) => rows.reduce((sum, row) => sum + row[i], 0));

eachBackend(() => {
  it.each([
    { parts: [4, 3] },
    { parts: [1, 5, 1] },
    { parts: [7, 0] }, // takes part with an image that does not count
  ])('equals PyTorch on the whole batch with parts of $parts images', ({ parts }) => {
    const whole = golden.labels.reduce((sum, label) => sum + golden.class_weights[label], 0);
    const results = simulateMembers(parts.length, (group) => {
      const before = tf.memory().numTensors;
      const result = tf.tidy(() => {
        const counts = parts[group.member] > 0;
        const begin = parts.slice(0, group.member).reduce((sum, rows) => sum + rows, 0);
        const rows = Math.max(1, parts[group.member]);
        const start = Math.min(begin, IMAGES - 1);
        const labels = golden.labels.slice(start, start + rows);
        const weight = labels.reduce((sum, label) => sum + golden.class_weights[label], 0);
        const x = tf.slice(wholeBatch(), start, rows);
        const statistics: Float32Array[] = [];
        let y: Float32Array | undefined;
        const loss = (...[images, scale, offset]: tf.Tensor[]): tf.Scalar => {
          const result = batchNormTrain(images as tf.Tensor4D, {
            scale: scale as tf.Tensor1D,
            offset: offset as tf.Tensor1D,
            activation: 'relu',
            running: {
              mean: tf.zeros([CHANNELS]),
              variance: tf.ones([CHANNELS]),
              momentum: 0.1,
              update: (mean, variance) =>
                statistics.push(mean.dataSync<'float32'>(), variance.dataSync<'float32'>()),
            },
          });
          y = toTorch(result);
          const head = tf.tensor2d(golden.head, [CHANNELS, 3]);
          const logits = tf.matMul<tf.Tensor2D>(tf.mean(result, [1, 2]), head);
          const mean = softmaxCrossEntropy(logits, tf.tensor1d(labels, 'int32'), {
            classWeights: golden.class_weights,
          });
          // This member's term of one sum.
          return tf.mul(mean, counts ? weight : 0);
        };
        const { value, grads } = synchronizeBatchNorm({ ...group, counts }, () =>
          tf.valueAndGrads(loss)([x, tf.tensor1d(golden.weight), tf.tensor1d(golden.bias)]),
        );
        const read = (tensor: tf.Tensor): Float32Array =>
          tf.div(tensor, whole).dataSync<'float32'>();
        return {
          counts,
          statistics,
          y: y!,
          loss: read(value),
          dx: toTorch(tf.div(grads[0], whole)),
          dScale: read(grads[1]),
          dOffset: read(grads[2]),
        };
      });
      expect(tf.memory().numTensors).toBe(before);
      return result;
    });
    const counting = results.filter(({ counts }) => counts);
    const joined = (name: 'y' | 'dx'): number[] => counting.flatMap((one) => [...one[name]]);
    expectClose(joined('y'), golden.y, TOLERANCE);
    expectClose(summed(results.map(({ loss }) => loss)), [golden.loss], TOLERANCE);
    expectClose(joined('dx'), golden.dx, TOLERANCE);
    expectClose(summed(results.map(({ dScale }) => dScale)), golden.dweight, TOLERANCE);
    expectClose(summed(results.map(({ dOffset }) => dOffset)), golden.dbias, TOLERANCE);
    for (const { counts, statistics, dx } of results) {
      expectClose(statistics[0], golden.running_mean, TOLERANCE);
      expectClose(statistics[1], golden.running_var, TOLERANCE);
      expect(statistics).toEqual(results[0].statistics); // the same bits
      if (!counts) expect(dx.every((value) => value === 0)).toBe(true);
    }
  });

  it('merges the variance of values that are far from 0, and of parts with different means', () => {
    // Two channels: 1000 + i / 8 in the first, i or 100 + i in the second.
    const values = (rows: number, first: number): number[] =>
      Array.from({ length: rows }, (_, i) => [1000 + (first + i) / 8, first + i]).flat();
    const parts = [values(2, 0), values(5, 100)];
    const all = (channel: number): number[] =>
      parts.flat().filter((_, index) => index % 2 === channel);
    const mean = (list: readonly number[]): number =>
      list.reduce((sum, value) => sum + value, 0) / list.length;
    const unbiased = (list: readonly number[]): number =>
      list.reduce((sum, value) => sum + (value - mean(list)) ** 2, 0) / (list.length - 1);
    const results = simulateMembers(2, (group) => {
      const moved: Float32Array[] = [];
      tf.tidy(() => {
        const part = parts[group.member];
        synchronizeBatchNorm(group, () =>
          batchNormTrain(tf.tensor4d(part, [part.length / 2, 1, 1, 2]), {
            scale: tf.ones([2]),
            offset: tf.zeros([2]),
            running: {
              mean: tf.zeros([2]),
              variance: tf.zeros([2]),
              momentum: 1,
              update: (...moves) =>
                moved.push(...moves.map((tensor) => tensor.dataSync<'float32'>())),
            },
          }),
        );
      });
      return moved;
    });
    for (const [means, variances] of results)
      for (const channel of [0, 1]) {
        expect(means[channel]).toBeCloseTo(mean(all(channel)), 3);
        expect(variances[channel] / unbiased(all(channel))).toBeCloseTo(1, 5);
      }
  });

  it('needs more than one value per channel over all members, on each of them', () => {
    const normalize = (size: number, member: number): void =>
      tf.tidy(() => {
        batchNormTrain(tf.fill([1, size, 1, 2], member), {
          scale: tf.ones([2]),
          offset: tf.zeros([2]),
        });
      });
    const compute = (size: number, counting: number) => () =>
      simulateMembers(2, (group) =>
        synchronizeBatchNorm({ ...group, counts: group.member < counting }, () =>
          normalize(size, group.member),
        ),
      );
    expect(compute(1, 2)).not.toThrow(); // one value of each member
    expect(compute(1, 1)).toThrow('more than one value per channel, not 1 over all processes');
    expect(() => normalize(1, 0)).toThrow(RangeError); // afterwards each process for itself
  });
});
