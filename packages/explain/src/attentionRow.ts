import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers';
import { requireAttention } from './attentionLayer.js';

/** One row of the attention matrix, as a map. */
export interface AttentionRow {
  /** Attention weights of the positions, [count, height, width]; each image sums to 1. */
  readonly weights: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number];
  /** The position of the pixel at the resolution of the layer's input. */
  readonly position: { readonly row: number; readonly column: number };
}

/**
 * The attention weights of one pixel: softmax over j of theta_i . phi_j for the pixel's position i, computed by the
 * model's layer. Only this row is computed, never the N x N matrix, so it works at any resolution.
 * @param images normalized images, [count, height, width, 3]; not disposed
 * @param options `layer`: name of the layer, by default `nam`; `x` and `y`: pixel of the image, from the left and the top
 * @throws RangeError if there is no such layer, it has no attention, or the pixel is outside the image
 */
export function attentionRow(
  model: LayersModel,
  images: tf.Tensor4D,
  {
    layer: name = 'nam',
    x,
    y,
  }: { readonly layer?: string; readonly x: number; readonly y: number },
): AttentionRow {
  const [, height, width] = images.shape;
  if (!(x >= 0 && x < width && y >= 0 && y < height))
    throw new RangeError(
      `attentionRow: pixel (${x}, ${y}) is outside the image of ${width} x ${height} pixels.`,
    );
  const layer = requireAttention(name, model);
  return tf.tidy(() => {
    const below = layersModel({ inputs: model.inputs, outputs: [layer.input].flat()[0] });
    const input = below.apply(images, { training: false }) as tf.Tensor4D; // [B, H, W, C]
    const position = {
      row: Math.floor((y * input.shape[1]) / height),
      column: Math.floor((x * input.shape[2]) / width),
    };
    const map = layer.attentionMap(input, position);
    return { weights: map.dataSync<'float32'>().slice(), shape: map.shape, position };
  });
}
