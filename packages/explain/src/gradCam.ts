import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { layerActivationMaps, scaleEach } from './layerActivationMaps.js';

/** How {@link gradCam} looks at a model. */
export interface GradCamOptions {
  /** Target layer, or several whose maps are averaged: `fused`, `e4` or `nam` of this project's models. */
  readonly layer: string | readonly string[];
  /** Class to explain, one for all images or one an image; the predicted class when left out. */
  readonly classIndex?: number | readonly number[];
}

/** Class activation maps of a batch. */
export interface GradCamResult {
  /** Maps in [0, 1] at the images' size, [count, height, width] in row-major order. */
  readonly maps: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number];
  /** The explained class of each image. */
  readonly classIndices: readonly number[];
  /** The model's outputs, [count, classes]. */
  readonly logits: Float32Array;
}

/**
 * Grad-CAM (Selvaraju et al. 2017) by pytorch-grad-cam's recipe: weights are the spatial means of the logit's gradient,
 * the weighted sum of the activations is clipped at zero, scaled to [0, 1], resized bilinearly to the image, averaged
 * over the target layers and scaled again (spec section 11). For a map of each layer by itself see `gradCamLayers`.
 *
 * The model runs in evaluation mode and is left as it was. No tensor is left behind.
 * @param model ends in logits; probabilities work too, but then the gradients are those of the probabilities.
 * @param images normalised images, [count, height, width, 3]; not disposed.
 * @throws RangeError when a layer has no spatial output, or a class index does not exist.
 */
export function gradCam(
  model: LayersModel,
  images: tf.Tensor4D,
  { layer, classIndex }: GradCamOptions,
): GradCamResult {
  const [count, height, width] = images.shape;
  const { layers, ...rest } = layerActivationMaps(model, images, {
    names: typeof layer === 'string' ? [layer] : layer,
    classIndex,
  });
  const mean = Float32Array.from(
    { length: count * height * width },
    (_, i) => layers.reduce((sum, map) => sum + map[i], 0) / layers.length,
  );
  return { maps: scaleEach(mean, count), shape: [count, height, width], ...rest };
}

/**
 * Grad-CAM at several layers, a map of each: what `gradCam` gives for each layer alone, from one pass forward and one back.
 * @throws RangeError as `gradCam`.
 */
export function gradCamLayers(
  model: LayersModel,
  images: tf.Tensor4D,
  {
    layers: names,
    classIndex,
  }: { readonly layers: readonly string[] } & Pick<GradCamOptions, 'classIndex'>,
): GradCamResult[] {
  const [count, height, width] = images.shape;
  const { layers, ...rest } = layerActivationMaps(model, images, { names, classIndex });
  return layers.map((map) => ({
    maps: scaleEach(map, count),
    shape: [count, height, width],
    ...rest,
  }));
}
