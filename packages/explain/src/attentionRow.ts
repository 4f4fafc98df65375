import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { layerInput, requireAttention } from './attentionLayer.js';
import { readTensors } from './readTensors.js';

/** One row of the attention matrix, as a map. */
export interface AttentionRow {
  /** Attention weights of the positions, [count, height, width]; each image sums to 1. */
  readonly weights: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number];
  /** The position of the pixel at the resolution of the layer's input. */
  readonly position: { readonly row: number; readonly column: number };
}

/** Options of {@link attentionRow}. */
export interface AttentionRowOptions {
  /** Name of the layer. Default `nam`. */
  readonly layer?: string;
  /** Pixel of the image, from the left. */
  readonly x: number;
  /** Pixel of the image, from the top. */
  readonly y: number;
}

/**
 * The attention weights of one pixel: softmax over j of theta_i . phi_j for the pixel's position i, computed by the
 * model's layer. Only this row is computed, never the N x N matrix, so it works at any resolution.
 * @param images normalized images, [count, height, width, 3]; not disposed
 * @throws RangeError if there is no such layer, it has no attention, or the pixel is outside the image
 */
export function attentionRow(
  model: LayersModel,
  images: tf.Tensor4D,
  pixel: AttentionRowOptions,
): AttentionRow {
  return tf.tidy(() => {
    const { map, position } = computeRow(model, images, pixel);
    return { weights: map.dataSync<'float32'>().slice(), shape: map.shape, position };
  });
}

/**
 * {@link attentionRow} for backends that read back well only asynchronously (WebGL, WebGPU): the same weights, without blocking.
 * @throws RangeError as {@link attentionRow}
 * @throws Error if the backend returns values that are not finite
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { attentionRowAsync } from '@nonlocal-med/explain';
 * import { createModel } from '@nonlocal-med/models';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('shufflenetv2-nla', { classes: 2, inputSize: 32 });
 * const images = tf.tensor4d(new Float32Array(32 * 32 * 3).fill(0.5), [1, 32, 32, 3]);
 *
 * const { position } = await attentionRowAsync(model, images, { x: 16, y: 8 });
 * console.log(position); // { row: 2, column: 4 }
 * ```
 */
export async function attentionRowAsync(
  model: LayersModel,
  images: tf.Tensor4D,
  pixel: AttentionRowOptions,
): Promise<AttentionRow> {
  let position!: AttentionRow['position'];
  const map = tf.tidy(() => {
    const row = computeRow(model, images, pixel);
    position = row.position;
    return row.map;
  });
  const [weights] = await readTensors([map]);
  return { weights, shape: map.shape, position };
}

function computeRow(
  model: LayersModel,
  images: tf.Tensor4D,
  { layer: name = 'nam', x, y }: AttentionRowOptions,
): { readonly map: tf.Tensor3D; readonly position: AttentionRow['position'] } {
  const [, height, width] = images.shape;
  if (!(x >= 0 && x < width && y >= 0 && y < height))
    throw new RangeError(
      `attentionRow: pixel (${x}, ${y}) is outside the image of ${width} x ${height} pixels.`,
    );
  const layer = requireAttention(name, model);
  const input = layerInput(layer, model, images); // [B, H, W, C]
  const position = {
    row: Math.floor((y * input.shape[1]) / height),
    column: Math.floor((x * input.shape[2]) / width),
  };
  return { map: layer.attentionMap(input, position), position };
}
