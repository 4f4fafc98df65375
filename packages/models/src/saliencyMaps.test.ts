import { readFileSync } from 'node:fs';
import type { SaliencyMethod } from '@nonlocal-med/core';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { attentionLayers, saliencyMaps } from '@nonlocal-med/explain';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createModel } from './createModel.js';
import { filledModel } from './testing/fillModel.js';
import { goldenInput } from './testing/goldenInput.js';
import type { GoldenModels } from './testing/goldenModels.js';

interface GoldenMaps extends Pick<GoldenModels, 'batch' | 'classes' | 'height' | 'width'> {
  /** `maps` have every 4th pixel of both axes. */
  readonly models: Record<
    string,
    { method: SaliencyMethod; layer: string; classes: number[]; maps: number[][] }[]
  >;
}

/** Made by test/golden/make_cam_methods.py with pytorch-grad-cam 1.5.7 in float64. */
const golden = JSON.parse(
  readFileSync(new URL('../test/golden/cam_methods.json', import.meta.url), 'utf8'),
) as GoldenMaps;
const { classes, height, width } = golden;
/** Maps are in [0, 1]. */
const TOLERANCE = 1e-4;

eachBackend(() => {
  it.each(Object.entries(golden.models))(
    'maps of %s equal those of pytorch-grad-cam by every method, from one pass',
    (name, rows) => {
      const model = filledModel(name, { classes, inputSize: [height, width] });
      const images = goldenInput({ ...golden, salt: '' });
      const before = tf.memory().numTensors;
      const results = saliencyMaps(model, images, { maps: rows, classIndex: rows[0].classes });
      expect(tf.memory().numTensors).toBe(before);
      rows.forEach(({ method, layer, maps }, index) => {
        const columns = Math.ceil(width / 4);
        const difference = maps.flatMap((map, image) =>
          map.map((value, i) => {
            const [row, column] = [4 * Math.floor(i / columns), 4 * (i % columns)];
            const own = results[index].maps[(image * height + row) * width + column];
            return Math.abs(own - value);
          }),
        );
        const title = `${method} at ${layer}`;
        if (layer === 'nam' && method !== 'gradcam++') {
          // Ties of the maximum in the fusion: rounding decides which position gets the gradient, in PyTorch too.
          const other = difference.filter((value) => value > TOLERANCE).length;
          expect(other / difference.length, title).toBeLessThan(0.05);
          // Where one falls differently, the map changes around it by any amount; all in all it is the same map.
          const mean = difference.reduce((sum, value) => sum + value) / difference.length;
          expect(mean, title).toBeLessThan(0.002);
        } else expect(Math.max(...difference), title).toBeLessThan(TOLERANCE);
      });
      images.dispose();
      model.dispose();
    },
  );

  it.each([
    ['resnet18', []],
    ['resnet18-nla', ['nam']],
    ['resnet18-nam', ['nam']],
  ])('%s has attention at %j', (name, layers) => {
    const model = createModel(name, { classes, inputSize: 32 });
    expect(attentionLayers(model)).toEqual(layers);
    model.dispose();
  });
});
