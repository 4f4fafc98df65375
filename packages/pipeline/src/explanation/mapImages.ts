import type { Pixels, Preprocessing } from '@nonlocal-med/core';
import { gradCamLayers } from '@nonlocal-med/explain';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ClassesOf } from './explanationRequest.js';

/** What a model says of one image, and where it looked. */
export interface MappedImage {
  readonly probabilities: number[];
  readonly predicted: number;
  /** One a layer and class; each map in [0, 1], [height * width]. */
  readonly maps: readonly {
    readonly layer: string;
    readonly class: number;
    readonly map: Float32Array;
  }[];
}

/** Class activation maps of a batch at each layer, of the classes asked for. */
export function mapBatch(
  model: LayersModel,
  images: tf.Tensor4D,
  {
    layers,
    labels,
    classesOf,
  }: { layers: readonly string[]; labels: ArrayLike<number>; classesOf: ClassesOf },
): MappedImage[] {
  const [count, height, width] = images.shape;
  const rows = probabilityRows(model, images);
  const predicted = rows.map((row) => row.indexOf(Math.max(...row)));
  const wanted = predicted.map((own, image) => classesOf({ label: labels[image], predicted: own }));
  const maps: MappedImage['maps'][number][][] = rows.map(() => []);
  for (let turn = 0; turn < Math.max(...wanted.map(({ length }) => length)); turn++) {
    const classIndex = wanted.map((classes) => classes[turn] ?? classes[0]);
    const results = gradCamLayers(model, images, { layers, classIndex });
    for (let image = 0; image < count; image++) {
      if (turn >= wanted[image].length) continue;
      const own = (all: Float32Array): Float32Array =>
        all.slice(image * height * width, (image + 1) * height * width);
      maps[image].push(
        ...results.map((result, index) => ({
          layer: layers[index],
          class: classIndex[image],
          map: own(result.maps),
        })),
      );
    }
  }
  return rows.map((probabilities, image) => ({
    probabilities,
    predicted: predicted[image],
    maps: maps[image],
  }));
}

function probabilityRows(model: LayersModel, images: tf.Tensor4D): number[][] {
  const logits = tf.tidy(() =>
    (model.apply(images, { training: false }) as tf.Tensor2D).arraySync(),
  );
  return logits.map((row) => {
    const most = Math.max(...row);
    const weights = row.map((value) => Math.exp(value - most));
    const total = weights.reduce((sum, value) => sum + value, 0);
    return weights.map((value) => value / total);
  });
}

/** A normalised image, [height, width, 3], as the 8-bit pixels that it was made from. */
export function toPixels(
  image: Float32Array,
  { size: [height, width], mean, std }: Pick<Preprocessing, 'size' | 'mean' | 'std'>,
): Pixels {
  const data = Uint8Array.from(image, (value, i) =>
    Math.min(255, Math.max(0, Math.round(255 * (value * std[i % 3] + mean[i % 3])))),
  );
  return { data, height, width, channels: 3 };
}
