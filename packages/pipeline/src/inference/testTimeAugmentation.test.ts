import { type BatchSource, createRandom, type Predictions } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { predict } from '@nonlocal-med/train';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { predictViews } from './predictViews.js';
import { applyView, requireViews, viewsOf } from './testTimeAugmentation.js';

beforeAll(() => useEngine({ backend: 'auto' }));

/** A 2 x 2 image with the values 1 to 4 in its first channel, and no symmetry. */
const image = Float32Array.of(1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0);
const firstChannel = (values: Float32Array): number[] => [...values.filter((_, i) => i % 3 === 0)];

describe('views of an image', () => {
  it('of flips are the image and its three mirror images', () =>
    expect(
      viewsOf('flips').map((view) => firstChannel(applyView(image, [1, 2, 2, 3], view))),
    ).toEqual([
      [1, 2, 3, 4],
      [2, 1, 4, 3],
      [3, 4, 1, 2],
      [4, 3, 2, 1],
    ]));

  it('of d4 are the eight symmetries of the square, as numpy.rot90 and numpy.fliplr make them', () => {
    const rotate = ([a, b, c, d]: number[]): number[] => [b, d, a, c]; // numpy.rot90([[1, 2], [3, 4]]) is [[2, 4], [1, 3]]
    const mirror = ([a, b, c, d]: number[]): number[] => [b, a, d, c];
    const rotations = [0, 1, 2].reduce((all) => [...all, rotate(all.at(-1)!)], [[1, 2, 3, 4]]);
    const views = viewsOf('d4').map((view) =>
      firstChannel(applyView(image, [1, 2, 2, 3], view)).join(),
    );
    expect(new Set(views)).toEqual(
      new Set([...rotations, ...rotations.map(mirror)].map((values) => values.join())),
    );
    expect(views).toHaveLength(8);
    expect(views[0]).toBe('1,2,3,4');
  });

  it('of images that are not square can be mirrored, but not rotated', () => {
    expect(() => requireViews('d4', [48, 64], 'runs/first')).toThrow(
      /--tta: got "d4", whose rotations by 90 degrees turn the 48 x 64 images .*runs\/first into 64 x 48.*\(flips\)/,
    );
    for (const [tta, size] of [
      ['flips', [48, 64]],
      ['d4', [48, 48]],
      [undefined, [48, 64]],
    ] as const)
      expect(() => requireViews(tta, size, 'runs/first')).not.toThrow();
  });
});

describe('predictViews', () => {
  const random = createRandom(0);
  const sizes = [3, 3, 2];
  const batches = sizes.map((count, b) => ({
    images: Float32Array.from({ length: count * 48 }, () => random.normal()),
    shape: [count, 4, 4, 3] as const,
    labels: new Int32Array(count).fill(b % 2),
    ids: Array.from({ length: count }, (_, i) => `${b}-${i}`),
  }));
  const source = (change = (images: Float32Array): Float32Array => images): BatchSource => ({
    classes: ['none', 'some'],
    sampleCount: 8,
    batchesPerEpoch: 3,
    async *epoch() {
      await Promise.resolve();
      for (const batch of batches) yield { ...batch, images: change(batch.images) };
    },
  });

  it.each(['flips', 'd4'] as const)(
    'is the mean of the probabilities over %s, in the order of the source',
    async (tta) => {
      const model = sequential({
        layers: [layers.flatten({ inputShape: [4, 4, 3] }), layers.dense({ units: 2 })],
      });
      const before = tf.memory().numTensors;
      const { mean, single } = await predictViews(model, source(), { tta });
      const all = await Promise.all(
        viewsOf(tta).map((view) =>
          predict(
            model,
            source((images) => applyView(images, [images.length / 48, 4, 4, 3], view)),
          ),
        ),
      );
      expect(single).toEqual(all[0]);
      expect(mean.ids).toEqual(all[0].ids);
      expect((mean as Predictions).labels).toEqual(all[0].labels);
      mean.probabilities.forEach((p, i) =>
        expect(p).toBeCloseTo(
          all.reduce((sum, { probabilities }) => sum + probabilities[i], 0) / all.length,
          12,
        ),
      );
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
    },
  );
});
