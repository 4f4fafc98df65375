import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { perturbationCurve } from './perturbationCurve.js';
import { goldenImages, goldenModel, height, width } from './testing/goldenModel.js';

/** Computed by test/golden/make_grad_cam.py, following RISE's evaluation.py. */
const { perturbation } = JSON.parse(
  readFileSync(new URL('../test/golden/grad_cam.json', import.meta.url), 'utf8'),
) as {
  perturbation: {
    kind: 'deletion' | 'insertion';
    class: number;
    step: number;
    probabilities: number[];
    area: number;
  }[];
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Logits (sum of all values, 0) for a 2 x 2 image, so that the first class has the probability sigmoid(sum). */
function sumModel(): tfl.LayersModel {
  const model = tfl.sequential({
    layers: [
      tfl.layers.flatten({ inputShape: [2, 2, 3] }),
      tfl.layers.dense({ units: 2, useBias: false }),
    ],
  });
  tf.tidy(() => model.setWeights([tf.tensor2d(Array.from({ length: 12 }, () => [1, 0]))]));
  return model;
}

eachBackend(() => {
  it.each(perturbation)(
    "equals RISE's $kind of class $class by $step pixels",
    async ({ kind, class: classIndex, step, probabilities, area }) => {
      const model = goldenModel();
      const image = tf.tidy(() => {
        const images = goldenImages();
        return tf.slice(images, 0, 1);
      });
      const map = Float32Array.from({ length: height * width }, (_, i) =>
        Math.abs(Math.sin(i * 0.7)),
      );
      const before = tf.memory().numTensors;
      const curve = await perturbationCurve(model, image, {
        kind,
        map,
        classIndex,
        step,
        batchSize: 5,
      });
      expect(tf.memory().numTensors).toBe(before);
      expect(curve.probabilities).toHaveLength(probabilities.length);
      probabilities.forEach((value, i) => expect(curve.probabilities[i]).toBeCloseTo(value, 5));
      expect(curve.area).toBeCloseTo(area, 5);
      model.dispose();
      image.dispose();
    },
  );

  it('equals a calculation by hand, with a shorter last step', async () => {
    const model = sumModel();
    const values = [1, -2, 0.5, 3];
    const image = tf.tensor4d(
      values.flatMap((value) => [value, 0, 0]),
      [1, 2, 2, 3],
    );
    const map = Float32Array.of(0.2, 0.9, 0.2, 0.1); // order: pixel 1, then 0 and 2 by position, then 3
    const options = { map, classIndex: 0, step: 3 };
    const deletion = await perturbationCurve(model, image, { ...options, kind: 'deletion' });
    expect([...deletion.shares]).toEqual([0, 0.75, 1]);
    const expected = [sigmoid(2.5), sigmoid(3), sigmoid(0)];
    expected.forEach((value, i) => expect(deletion.probabilities[i]).toBeCloseTo(value, 6));
    expect(deletion.area).toBeCloseTo(
      (0.75 * (expected[0] + expected[1])) / 2 + (0.25 * (expected[1] + expected[2])) / 2,
      6,
    );

    const baseline = new Float32Array(12).fill(1); // a sum of 12
    const insertion = await perturbationCurve(model, image, {
      ...options,
      step: 1,
      classIndex: 1,
      kind: 'insertion',
      baseline,
    });
    [12, 7, 5, 2.5, 2.5].forEach((sum, i) =>
      expect(insertion.probabilities[i]).toBeCloseTo(sigmoid(-sum), 6),
    );
    expect([...baseline]).toEqual(new Array<number>(12).fill(1));
    model.dispose();
    image.dispose();
  });

  it('has fifty steps by default, stops on abort, and lists every problem of its options', async () => {
    const model = goldenModel();
    const image = tf.tidy(() => tf.slice(goldenImages(), 0, 1));
    const map = new Float32Array(height * width);
    expect(
      (await perturbationCurve(model, image, { kind: 'deletion', map, classIndex: 0 })).shares,
    ).toHaveLength(Math.ceil(221 / 5) + 1);
    const before = tf.memory().numTensors;
    const stopped = new AbortController();
    const running = perturbationCurve(model, image, {
      kind: 'deletion',
      map,
      classIndex: 0,
      step: 1,
      signal: stopped.signal,
    });
    stopped.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(
      perturbationCurve(model, image, {
        kind: 'deletion',
        map: map.subarray(1),
        classIndex: 4,
        step: 0,
      }),
    ).rejects.toThrow(
      /the map has 220 values, the image 13 x 17; class 4 does not exist.*step must be an integer of at least 1, not 0/,
    );
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
    image.dispose();
  });

  it('records the sigmoid of a finding, whatever the other logits are', async () => {
    const model = sumModel();
    const image = tf.tensor4d(
      [3, 2, 1, 0].flatMap((v) => [v, v, v].map((x) => x / 9)),
      [1, 2, 2, 3],
    );
    const map = Float32Array.of(4, 3, 2, 1);
    const options = { kind: 'deletion', map, step: 1, task: 'multilabel' } as const;
    const first = await perturbationCurve(model, image, { ...options, classIndex: 0 });
    [2, 1, 1 / 3, 0, 0].forEach((sum, i) =>
      expect(first.probabilities[i]).toBeCloseTo(sigmoid(sum), 6),
    );
    const second = await perturbationCurve(model, image, { ...options, classIndex: 1 });
    expect([...second.probabilities]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
    tf.dispose(image);
    model.dispose();
  });
});
