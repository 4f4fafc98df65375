import { type ClassesOf, explainableImage } from '@nonlocal-med/classifier';
import {
  type Batch,
  logitProbabilities,
  type Pixels,
  type Preprocessing,
  type SaliencyMap,
  type Task,
} from '@nonlocal-med/core';
import { saliencyMaps } from '@nonlocal-med/explain';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** One image with the prediction of a model and its saliency maps. */
export interface MappedImage {
  /** The image before normalization. */
  readonly pixels: Pixels;
  /** The image as the input of the model, [1, height, width, 3]; valid until the next image is requested. */
  readonly tensor: tf.Tensor4D;
  readonly probabilities: readonly number[];
  /** The most probable class or finding. */
  readonly predicted: number;
  /** One map per method, layer and class, with values in [0, 1], [height * width]. */
  readonly maps: readonly (SaliencyMap & { readonly class: number; readonly map: Float32Array })[];
}

/** What {@link mapImages} computes. */
export interface MapImagesOptions {
  /** Task of the model; default: `multiclass`. */
  readonly task?: Task;
  /** Methods and layers. */
  readonly maps: readonly SaliencyMap[];
  /** The classes or findings to explain of each image. */
  readonly classesOf: ClassesOf;
  /** Mean and std that the images in the batches were normalized with. */
  readonly preprocessing: Pick<Preprocessing, 'mean' | 'std'>;
  readonly signal?: AbortSignal;
}

/**
 * Predicts and explains images one by one: each map for each class to explain. Tensors are disposed when
 * the iteration moves on or ends.
 * @param model ends in logits
 * @param batches images normalized for the model
 */
export async function* mapImages(
  model: LayersModel,
  batches: AsyncIterable<Batch>,
  { preprocessing, signal, ...options }: MapImagesOptions,
): AsyncGenerator<MappedImage> {
  for await (const { images, shape, labels } of batches) {
    const [count, height, width] = shape;
    const maps = mapBatch(model, { images, shape, labels }, options);
    for (let index = 0; index < count; index++) {
      signal?.throwIfAborted();
      const length = height * width * 3;
      const image = images.subarray(index * length, (index + 1) * length);
      const tensor = tf.tensor4d(image, [1, height, width, 3]);
      try {
        const pixels = denormalize(image, { height, width, ...preprocessing });
        yield { pixels, tensor, ...maps[index] };
      } finally {
        tensor.dispose();
      }
    }
  }
}

function mapBatch(
  model: LayersModel,
  { images, shape, labels }: Pick<Batch, 'images' | 'shape' | 'labels'>,
  {
    task = 'multiclass',
    maps: wantedMaps,
    classesOf,
  }: Pick<MapImagesOptions, 'task' | 'maps' | 'classesOf'>,
): Pick<MappedImage, 'probabilities' | 'predicted' | 'maps'>[] {
  const [count, height, width] = shape;
  const pixelsPerMap = height * width;
  const batch = tf.tensor4d(images, [...shape]);
  try {
    const probabilities = predictBatch(model, batch, task);
    const labelsPerImage = labels.length / count;
    const known = probabilities.map((row, image) =>
      explainableImage(
        labels.subarray(image * labelsPerImage, (image + 1) * labelsPerImage),
        row,
        task,
      ),
    );
    const wanted = known.map(classesOf);
    const maps = wanted.map((): MappedImage['maps'][number][] => []);
    // One pass explains one class per image; images with fewer classes are computed again and not used.
    const passes = Math.max(...wanted.map(({ length }) => length));
    for (let pass = 0; pass < passes; pass++) {
      const classIndex = wanted.map((classes) => classes[pass] ?? classes[0]);
      const results = saliencyMaps(model, batch, { maps: wantedMaps, classIndex });
      for (let image = 0; image < count; image++) {
        if (pass >= wanted[image].length) continue;
        const [start, end] = [image * pixelsPerMap, (image + 1) * pixelsPerMap];
        for (const [index, wantedMap] of wantedMaps.entries())
          maps[image].push({
            ...wantedMap,
            class: classIndex[image],
            map: results[index].maps.slice(start, end),
          });
      }
    }
    return maps.map((imageMaps, image) => ({
      probabilities: probabilities[image],
      predicted: known[image].predictedClasses[0],
      maps: imageMaps,
    }));
  } finally {
    batch.dispose();
  }
}

/** Probabilities of the classes or findings for each image. */
function predictBatch(model: LayersModel, batch: tf.Tensor4D, task: Task): number[][] {
  const logits = tf.tidy(() =>
    (model.apply(batch, { training: false }) as tf.Tensor2D).arraySync(),
  );
  return logits.map((row) => [...logitProbabilities(row, row.length, task)]);
}

/** The 8-bit pixels that a normalized image, [height, width, 3], was made from. */
function denormalize(
  image: Float32Array,
  {
    height,
    width,
    mean,
    std,
  }: { height: number; width: number } & MapImagesOptions['preprocessing'],
): Pixels {
  const data = Uint8Array.from(image, (value, i) =>
    Math.min(255, Math.max(0, Math.round(255 * (value * std[i % 3] + mean[i % 3])))),
  );
  return { data, height, width, channels: 3 };
}
