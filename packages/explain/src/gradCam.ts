import { argmaxRows } from '@nonlocal-med/core';
import { resizeBilinear } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type CapturedLayer, captureLayers } from './captureLayers.js';

/** Options of {@link gradCam}. */
export interface GradCamOptions {
  /** Target layer, or several whose maps are averaged: `fused`, `e4` or `nam` of this project's models. */
  readonly layer: string | readonly string[];
  /** Class to explain, one for all images or one per image. Default: the predicted class. */
  readonly classIndex?: number | readonly number[];
}

/** Class activation maps of a batch. */
export interface GradCamResult {
  /** Maps in [0, 1] at the size of the images, [count, height, width] in row-major order. */
  readonly maps: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number];
  /** The explained class of each image. */
  readonly classIndices: readonly number[];
  /** The model's outputs, [count, classes]. */
  readonly logits: Float32Array;
}

/**
 * Grad-CAM (Selvaraju et al. 2017) as pytorch-grad-cam computes it: the activations are weighted by the spatial means of
 * the logit's gradient, summed, clipped at zero, scaled to [0, 1], resized bilinearly to the image, averaged over the
 * target layers and scaled again (spec section 11). For a separate map of each layer see `gradCamLayers`.
 *
 * The model runs in evaluation mode and is not changed.
 * @param model ends in logits; with probabilities the gradients are those of the probabilities
 * @param images normalized images, [count, height, width, 3]; not disposed
 * @returns maps in [0, 1], [count, height, width], and the explained classes
 * @throws RangeError if a layer has no spatial output, or a class index does not exist
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { gradCam } from '@nonlocal-med/explain';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as tfl from '@tensorflow/tfjs-layers';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = tfl.sequential({
 *   layers: [
 *     tfl.layers.conv2d({ inputShape: [32, 32, 3], filters: 4, kernelSize: 3, name: 'features' }),
 *     tfl.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
 *     tfl.layers.dense({ units: 2 }),
 *   ],
 * });
 * const images = tf.randomUniform([2, 32, 32, 3]);
 *
 * const { shape, classIndices } = gradCam(model, images, { layer: 'features', classIndex: 1 });
 * console.log(shape, classIndices); // [ 2, 32, 32 ] [ 1, 1 ]
 * ```
 */
export function gradCam(
  model: LayersModel,
  images: tf.Tensor4D,
  { layer, classIndex }: GradCamOptions,
): GradCamResult {
  const [count, height, width] = images.shape;
  const { layers, ...rest } = layerActivationMaps(model, images, {
    layers: [layer].flat(),
    classIndex,
  });
  const mean = Float32Array.from(
    { length: count * height * width },
    (_, i) => layers.reduce((sum, map) => sum + map[i], 0) / layers.length,
  );
  return { maps: scaleEach(mean, count), shape: [count, height, width], ...rest };
}

/** Options of {@link gradCamLayers}. */
interface GradCamLayersOptions extends Pick<GradCamOptions, 'classIndex'> {
  readonly layers: readonly string[];
}

/**
 * Grad-CAM at several layers: what `gradCam` gives for each layer alone, from one forward and one backward pass.
 * @param model ends in logits
 * @param images normalized images, [count, height, width, 3]; not disposed
 * @returns one result per layer, with maps in [0, 1], [count, height, width]
 * @throws RangeError if a layer has no spatial output, or a class index does not exist
 */
export function gradCamLayers(
  model: LayersModel,
  images: tf.Tensor4D,
  options: GradCamLayersOptions,
): GradCamResult[] {
  const [count, height, width] = images.shape;
  const { layers, ...rest } = layerActivationMaps(model, images, options);
  return layers.map((map) => ({
    maps: scaleEach(map, count),
    shape: [count, height, width],
    ...rest,
  }));
}

/** Class activation maps before the last scaling, one per layer, [count, height, width] at the size of the images. */
interface LayerActivationMaps extends Pick<GradCamResult, 'classIndices' | 'logits'> {
  readonly layers: readonly Float32Array[];
}

/**
 * One forward pass, and one backward pass to the lowest of the layers. The map of a layer is the ReLU of its activations
 * weighted by the spatial means of the logit's gradient, scaled to [0, 1], and resized bilinearly.
 */
function layerActivationMaps(
  model: LayersModel,
  images: tf.Tensor4D,
  { layers: names, classIndex }: GradCamLayersOptions,
): LayerActivationMaps {
  const [count, height, width] = images.shape;
  checkClasses(model, classIndex);
  return tf.tidy(() => {
    const captured = differentiateLogits(model, images, { layers: names, classIndex });
    const logits = captured.logits.dataSync<'float32'>().slice();
    const layers = captured.layers.map((layer) => {
      const [, mapHeight, mapWidth] = layer.activation.shape;
      const raw = activationMap(layer).dataSync<'float32'>().slice();
      const scaled = tf.tensor4d(scaleEach(raw, count), [count, mapHeight, mapWidth, 1]);
      return resizeBilinear(scaled, [height, width])
        .dataSync<'float32'>()
        .map((value) => Math.max(value, 0));
    });
    return { layers, classIndices: selectedClasses(logits, count, classIndex), logits };
  });
}

/** Captures the target layers in a forward pass, and the gradient of the selected logits at each of them. */
function differentiateLogits(
  model: LayersModel,
  images: tf.Tensor4D,
  { layers, classIndex }: GradCamLayersOptions,
): { logits: tf.Tensor2D; layers: CapturedLayer[] } {
  const capture = captureLayers(model, layers);
  try {
    let logits: tf.Tensor2D | undefined;
    const gradient = tf.grad((probe: tf.Tensor) => {
      capture.setProbe(probe);
      const output = model.apply(images, { training: false }) as tf.Tensor2D;
      logits = capture.keep(output);
      const classes = selectedClasses(logits.dataSync<'float32'>(), images.shape[0], classIndex);
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

/** ReLU of the sum over channels of gradient means times activations, [count, h, w]. */
function activationMap({ activation, gradient }: CapturedLayer): tf.Tensor3D {
  const weights = tf.mean(gradient, [1, 2], true); // [count, 1, 1, channels]
  return tf.relu(tf.sum(tf.mul(weights, activation), 3));
}

/** Each image's map minus its minimum, divided by (1e-7 + its range), as in pytorch-grad-cam. [count, ...] */
function scaleEach(maps: Float32Array, count: number): Float32Array {
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

function selectedClasses(
  logits: Float32Array,
  count: number,
  classIndex: GradCamOptions['classIndex'],
): number[] {
  const classes = logits.length / count;
  return Array.from({ length: count }, (_, image) => {
    const row = logits.subarray(image * classes, (image + 1) * classes);
    return typeof classIndex === 'number'
      ? classIndex
      : (classIndex?.[image] ?? argmaxRows(row, classes)[0]);
  });
}

function checkClasses(model: LayersModel, classIndex: GradCamOptions['classIndex']): void {
  const classes = model.outputs[0].shape.at(-1)!;
  for (const index of [classIndex ?? []].flat()) {
    if (!Number.isInteger(index) || index < 0 || index >= classes)
      throw new RangeError(
        `gradCam: class ${index} does not exist; the model has classes 0 to ${classes - 1}.`,
      );
  }
}
