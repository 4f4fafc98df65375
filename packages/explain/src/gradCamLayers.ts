import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { GradCamOptions, GradCamResult } from './gradCam.js';
import { layerActivationMaps } from './layerActivationMaps.js';
import { scaleEach } from './scaleEach.js';

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
