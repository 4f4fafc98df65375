import type { SaliencyMap, SaliencyMethod } from '@nonlocal-med/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { resizedMaps, resizedMapsAsync, type SaliencyResult, scaleEach } from './saliencyMaps.js';

/** Options of {@link gradCam}. */
export interface GradCamOptions {
  /** Target layer, or several whose maps are averaged: `fused`, `e4` or `nam` of this project's models. */
  readonly layer: string | readonly string[];
  /** How the activations are weighted; see `saliencyMaps` for all methods. Default `gradcam`. */
  readonly method?: SaliencyMethod;
  /** Class to explain, one for all images or one per image. Default: the predicted class. */
  readonly classIndex?: number | readonly number[];
}

/**
 * Grad-CAM (Selvaraju et al. 2017) as pytorch-grad-cam computes it: the activations are weighted by the spatial means of
 * the logit's gradient, summed, clipped at zero, scaled to [0, 1], resized bilinearly to the image, averaged over the
 * target layers and scaled again (docs/specification.md, section 11). For separate maps, of several layers or
 * methods, see `saliencyMaps`.
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
 *
 * const images = tf.tensor4d(new Float32Array(2 * 32 * 32 * 3), [2, 32, 32, 3]);
 * const { shape, classIndices } = gradCam(model, images, { layer: 'features', classIndex: 1 });
 * console.log(shape, classIndices); // [ 2, 32, 32 ] [ 1, 1 ]
 * ```
 */
export function gradCam(
  model: LayersModel,
  images: tf.Tensor4D,
  { layer, method = 'gradcam', classIndex }: GradCamOptions,
): SaliencyResult {
  const { maps, ...rest } = resizedMaps(model, images, {
    maps: mapsOf(layer, method),
    classIndex,
  });
  const [count, height, width] = images.shape;
  return { ...rest, maps: scaledMean(maps, count), shape: [count, height, width] };
}

/**
 * {@link gradCam} for backends that read back well only asynchronously (WebGL, WebGPU): the same maps, without blocking.
 * @throws RangeError as {@link gradCam}
 * @throws Error if the backend returns values that are not finite
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { gradCamAsync } from '@nonlocal-med/explain';
 * import { createModel } from '@nonlocal-med/models';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('shufflenetv2-nla', { classes: 2, inputSize: 32 });
 * const images = tf.tensor4d(new Float32Array(32 * 32 * 3).fill(0.5), [1, 32, 32, 3]);
 *
 * const { shape } = await gradCamAsync(model, images, { layer: 'fused' });
 * console.log(shape); // [ 1, 32, 32 ]
 * ```
 */
export async function gradCamAsync(
  model: LayersModel,
  images: tf.Tensor4D,
  { layer, method = 'gradcam', classIndex }: GradCamOptions,
): Promise<SaliencyResult> {
  const { maps, ...rest } = await resizedMapsAsync(model, images, {
    maps: mapsOf(layer, method),
    classIndex,
  });
  const [count, height, width] = images.shape;
  return { ...rest, maps: scaledMean(maps, count), shape: [count, height, width] };
}

const mapsOf = (layer: GradCamOptions['layer'], method: SaliencyMethod): SaliencyMap[] =>
  [layer].flat().map((name) => ({ method, layer: name }));

/** The mean of several maps of each image, scaled to [0, 1]. */
function scaledMean(maps: readonly Float32Array[], count: number): Float32Array {
  const mean = Float32Array.from(
    { length: maps[0].length },
    (_, i) => maps.reduce((sum, map) => sum + map[i], 0) / maps.length,
  );
  return scaleEach(mean, count);
}
