import { argmaxRows, type SaliencyMap } from '@nonlocal-med/core';
import { resizeBilinear } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkAttentionMaps, mapOfLayer } from './camMethods.js';
import { type CapturedLayer, captureLayers } from './captureLayers.js';
import { readTensors } from './readTensors.js';

/** Options of {@link saliencyMaps}. */
export interface SaliencyOptions {
  readonly maps: readonly SaliencyMap[];
  /** Output to explain, one for all images or one per image. Default: the largest one, the predicted class. */
  readonly classIndex?: number | readonly number[];
}

/** Saliency maps of a batch. */
export interface SaliencyResult {
  /** Maps in [0, 1] at the size of the images, [count, height, width] in row-major order. */
  readonly maps: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number];
  /** The explained class of each image. */
  readonly classIndices: readonly number[];
  /** The model's outputs, [count, classes]. */
  readonly logits: Float32Array;
}

/**
 * Saliency maps by several methods and at several layers, from one forward pass and one backward pass to the lowest of the
 * layers. Maps are clipped at zero, scaled to [0, 1], resized bilinearly to the image and scaled again, as in
 * pytorch-grad-cam (docs/explanations.md, docs/specification.md section 11).
 *
 * The model runs in evaluation mode and is not changed.
 * @param model ends in logits; with probabilities the gradients are those of the probabilities
 * @param images normalized images, [count, height, width, 3]; not disposed
 * @returns one result per map, with maps in [0, 1], [count, height, width]
 * @throws RangeError if a layer has no spatial output, or no attention where a method needs it, or a class index does not exist
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { saliencyMaps } from '@nonlocal-med/explain';
 * import { createModel } from '@nonlocal-med/models';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('shufflenetv2-nla', { classes: 2, inputSize: 32 });
 * const images = tf.tensor4d(new Float32Array(32 * 32 * 3).fill(0.5), [1, 32, 32, 3]);
 *
 * const [early, source] = saliencyMaps(model, images, {
 *   maps: [
 *     { method: 'layercam', layer: 'e2' },
 *     { method: 'attention-source', layer: 'nam' },
 *   ],
 * });
 * console.log(early.shape, source.shape); // [ 1, 32, 32 ] [ 1, 32, 32 ]
 * ```
 */
export function saliencyMaps(
  model: LayersModel,
  images: tf.Tensor4D,
  options: SaliencyOptions,
): SaliencyResult[] {
  const [count, height, width] = images.shape;
  const { maps, ...rest } = resizedMaps(model, images, options);
  return maps.map((map) => ({
    maps: scaleEach(map, count),
    shape: [count, height, width],
    ...rest,
  }));
}

/**
 * {@link saliencyMaps} for backends that read back well only asynchronously (WebGL, WebGPU): the same maps, without blocking.
 * On WebGPU the synchronous form may give maps of zeros without an error.
 * @throws RangeError as {@link saliencyMaps}
 * @throws Error if the backend returns values that are not finite
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { saliencyMapsAsync } from '@nonlocal-med/explain';
 * import { createModel } from '@nonlocal-med/models';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('shufflenetv2', { classes: 2, inputSize: 32 });
 * const images = tf.tensor4d(new Float32Array(32 * 32 * 3).fill(0.5), [1, 32, 32, 3]);
 *
 * const [map] = await saliencyMapsAsync(model, images, { maps: [{ method: 'gradcam', layer: 'e1' }] });
 * console.log(map.shape); // [ 1, 32, 32 ]
 * ```
 */
export async function saliencyMapsAsync(
  model: LayersModel,
  images: tf.Tensor4D,
  options: SaliencyOptions,
): Promise<SaliencyResult[]> {
  const [count, height, width] = images.shape;
  const { maps, ...rest } = await resizedMapsAsync(model, images, options);
  return maps.map((map) => ({
    maps: scaleEach(map, count),
    shape: [count, height, width],
    ...rest,
  }));
}

/** The outputs of a model, [count * classes]. */
async function logitsOf(model: LayersModel, images: tf.Tensor4D): Promise<Float32Array> {
  const output = tf.tidy(() => model.apply(images, { training: false }) as tf.Tensor2D);
  const [logits] = await readTensors([output]);
  return logits;
}

/** Maps before the last scaling, one per method and layer, [count, height, width] at the size of the images. */
interface ResizedMaps extends Pick<SaliencyResult, 'classIndices' | 'logits'> {
  readonly maps: readonly Float32Array[];
}

/**
 * The maps of a batch at the size of the images, each scaled to [0, 1] before it was resized.
 * @throws RangeError as {@link saliencyMaps}
 */
export function resizedMaps(
  model: LayersModel,
  images: tf.Tensor4D,
  options: SaliencyOptions,
): ResizedMaps {
  const [count, height, width] = images.shape;
  return tf.tidy(() => {
    const raw = rawMaps(model, images, options);
    const logits = raw.logits.dataSync<'float32'>().slice();
    const maps = raw.maps.map((map) =>
      tf.tidy(() =>
        clipped(
          resizedMap(map.dataSync<'float32'>(), map.shape, [height, width]).dataSync<'float32'>(),
        ),
      ),
    );
    return { maps, classIndices: selectedClasses(logits, count, options.classIndex), logits };
  });
}

/**
 * {@link resizedMaps}, read asynchronously.
 * @throws RangeError as {@link saliencyMaps}
 */
export async function resizedMapsAsync(
  model: LayersModel,
  images: tf.Tensor4D,
  options: SaliencyOptions,
): Promise<ResizedMaps> {
  const [count, height, width] = images.shape;
  const classIndices =
    givenClasses(options.classIndex, count) ??
    selectedClasses(await logitsOf(model, images), count, options.classIndex);
  const raw = tf.tidy(() => rawMaps(model, images, { ...options, classIndex: classIndices }));
  const [logits, ...values] = await readTensors([raw.logits, ...raw.maps]);
  const resized = tf.tidy(() =>
    values.map((map, index) => resizedMap(map, raw.maps[index].shape, [height, width])),
  );
  return { maps: (await readTensors(resized)).map(clipped), classIndices, logits };
}

/** The maps at the sizes of their layers, clipped at zero, [count, h, w], and the outputs, [count, classes]. */
function rawMaps(
  model: LayersModel,
  images: tf.Tensor4D,
  { maps, classIndex }: SaliencyOptions,
): { readonly logits: tf.Tensor2D; readonly maps: tf.Tensor3D[] } {
  checkClasses(model, classIndex);
  checkAttentionMaps(model, maps);
  const layers = [...new Set(maps.map(({ layer }) => layer))];
  const captured = differentiateLogits(model, images, { layers, classIndex });
  return {
    logits: captured.logits,
    maps: maps.map(({ method, layer }) =>
      tf.tidy(() => tf.relu(mapOfLayer[method](captured.layers[layers.indexOf(layer)]))),
    ),
  };
}

/** A map of a layer, scaled to [0, 1] and resized bilinearly, [count, height, width, 1]. */
function resizedMap(
  values: Float32Array,
  [count, mapHeight, mapWidth]: readonly [number, number, number],
  size: readonly [number, number],
): tf.Tensor4D {
  const scaled = tf.tensor4d(scaleEach(values, count), [count, mapHeight, mapWidth, 1]);
  return resizeBilinear(scaled, size);
}

const clipped = (values: Float32Array): Float32Array => values.map((value) => Math.max(value, 0));

/** Layers to capture, and the class to differentiate. */
interface LayersToCapture extends Pick<SaliencyOptions, 'classIndex'> {
  readonly layers: readonly string[];
}

/** Captures the target layers in a forward pass, and the gradient of the selected logits at each of them. */
function differentiateLogits(
  model: LayersModel,
  images: tf.Tensor4D,
  { layers, classIndex }: LayersToCapture,
): { logits: tf.Tensor2D; layers: CapturedLayer[] } {
  const capture = captureLayers(model, layers);
  try {
    let logits: tf.Tensor2D | undefined;
    const gradient = tf.grad((probe: tf.Tensor) => {
      capture.setProbe(probe);
      const output = model.apply(images, { training: false }) as tf.Tensor2D;
      logits = capture.keep(output);
      const count = images.shape[0];
      const classes =
        givenClasses(classIndex, count) ??
        selectedClasses(logits.dataSync<'float32'>(), count, classIndex);
      const oneHot = tf.oneHot(tf.tensor1d(classes, 'int32'), output.shape[1]);
      // Cast afterwards, because one-hot in float32 is wrong on wasm.
      return tf.sum(tf.mul(output, tf.cast(oneHot, 'float32')));
    });
    gradient(tf.scalar(0));
    return { logits: capture.take(logits!), layers: capture.captured() };
  } finally {
    capture.remove();
  }
}

/** Each image's map minus its minimum, divided by (1e-7 + its range), as in pytorch-grad-cam. [count, ...] */
export function scaleEach(maps: Float32Array, count: number): Float32Array {
  const size = maps.length / count;
  const scaled = new Float32Array(maps.length);
  for (let image = 0; image < count; image++) {
    const start = image * size;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let i = start; i < start + size; i++) {
      minimum = Math.min(minimum, maps[i]);
      maximum = Math.max(maximum, maps[i]);
    }
    for (let i = start; i < start + size; i++)
      scaled[i] = (maps[i] - minimum) / (1e-7 + (maximum - minimum));
  }
  return scaled;
}

/** The classes to explain, if they do not depend on the outputs. */
function givenClasses(
  classIndex: SaliencyOptions['classIndex'],
  count: number,
): number[] | undefined {
  if (typeof classIndex === 'number') return Array.from({ length: count }, () => classIndex);
  return classIndex !== undefined && classIndex.length >= count
    ? classIndex.slice(0, count)
    : undefined;
}

/** The class to explain of each image: the one given, or the predicted one. */
function selectedClasses(
  logits: Float32Array,
  count: number,
  classIndex: SaliencyOptions['classIndex'],
): number[] {
  const predicted = argmaxRows(logits, logits.length / count);
  return (
    givenClasses(classIndex, count) ??
    [...predicted].map(
      (best, image) => (classIndex as readonly number[] | undefined)?.[image] ?? best,
    )
  );
}

function checkClasses(model: LayersModel, classIndex: SaliencyOptions['classIndex']): void {
  const classes = model.outputs[0].shape.at(-1)!;
  for (const index of [classIndex ?? []].flat()) {
    if (!Number.isInteger(index) || index < 0 || index >= classes)
      throw new RangeError(
        `saliencyMaps: class ${index} does not exist; the model has classes 0 to ${classes - 1}.`,
      );
  }
}
