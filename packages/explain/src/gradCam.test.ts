import { readFileSync } from 'node:fs';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { gradCam, gradCamAsync } from './gradCam.js';
import { jetColors, overlay } from './overlay.js';
import { goldenImages, goldenModel, height, width } from './testing/goldenModel.js';

/** Computed by test/golden/make_grad_cam.py with pytorch-grad-cam. */
const golden = JSON.parse(
  readFileSync(new URL('../test/golden/grad_cam.json', import.meta.url), 'utf8'),
) as {
  logits: number[][];
  cases: { layers: string[]; classes: number[] | null; maps: number[][] }[];
  overlay: number[];
  jet: number[];
};

eachBackend(() => {
  it.each(
    golden.cases.map(
      (row) => [row.layers.join(' and '), row.classes?.join(',') ?? 'predicted', row] as const,
    ),
  )('equals pytorch-grad-cam at %s for classes %s', async (_, __, { layers, classes, maps }) => {
    const model = goldenModel();
    const x = goldenImages();
    const before = tf.memory().numTensors;
    const options = { layer: layers, classIndex: classes ?? undefined };
    const result = gradCam(model, x, options);
    expect(await gradCamAsync(model, x, options)).toEqual(result);
    expect(tf.memory().numTensors).toBe(before);
    expect(result.shape).toEqual([2, height, width]);
    const expected = maps.flat();
    expect(Math.max(...result.maps.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(
      2e-5,
    );
    golden.logits.flat().forEach((value, i) => expect(result.logits[i]).toBeCloseTo(value, 4));
    if (classes === null)
      expect(result.classIndices).toEqual(
        golden.logits.map((row) => row.indexOf(Math.max(...row))),
      );
    model.dispose();
    x.dispose();
  });

  it('does not change the model, and refuses unknown layers and classes', () => {
    const model = goldenModel();
    const x = goldenImages();
    const predict = (): Float32Array =>
      tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync<'float32'>());
    const before = [...predict()];
    const tensors = tf.memory().numTensors;
    gradCam(model, x, { layer: 'first' });
    expect([...predict()]).toEqual(before);
    expect(() => gradCam(model, x, { layer: 'third' })).toThrow(/no layer "third".*first.*second/s);
    expect(() => gradCam(model, x, { layer: model.layers.at(-1)!.name })).toThrow(
      'needs [batch, height, width, channels]',
    );
    expect(() => gradCam(model, x, { layer: 'second', classIndex: 4 })).toThrow('classes 0 to 3');
    expect([...predict()]).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
    x.dispose();
  });
});

describe('overlay', () => {
  it('equals show_cam_on_image', () => {
    const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37 + 11) % 256);
    const map = Float32Array.from({ length: height * width }, (_, i) =>
      Math.abs(Math.sin(i * 0.13)),
    );
    const result = overlay({ data, height, width, channels: 3 }, map);
    expect(
      Math.max(...result.data.map((value, i) => Math.abs(value - golden.overlay[i]))),
    ).toBeLessThanOrEqual(1);
  });

  it('uses the JET colors of OpenCV', () => {
    expect([...jetColors]).toEqual(golden.jet);
  });

  it('refuses a map of another size', () => {
    expect(() =>
      overlay({ data: new Uint8Array(12), height: 2, width: 2, channels: 3 }, new Float32Array(5)),
    ).toThrow('5 values, the image 2 x 2');
  });
});
