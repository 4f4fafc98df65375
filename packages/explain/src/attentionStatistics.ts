import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type AttentionLayer, layerInput, requireAttention } from './attentionLayer.js';
import { readTensors } from './readTensors.js';

/** Where the attention of a layer goes in one image. */
export interface AttentionStatistics {
  /** Mean entropy of the attention weights of a position in nats: 0 if each attends to one key alone, ln(keys) if to all alike. */
  readonly entropy: number;
  /** Number of keys. */
  readonly keys: number;
  /**
   * Mean attention that the keys with a lesion receive, in multiples of the mean over all keys: 1 for attention that ignores
   * lesions, less where it avoids them. Null for an image without lesions, or without a mask.
   */
  readonly onLesions: number | null;
}

/** Options of {@link attentionStatistics}. */
export interface AttentionStatisticsOptions {
  /** Name of the layer. Default `nam`. */
  readonly layer?: string;
  /** Lesions of each image, [height * width], non-zero inside; undefined where they are not known. */
  readonly masks?: readonly (Uint8Array | undefined)[];
}

/**
 * How widely a layer attends, and how much of its attention lesions receive, image by image. Memory grows with the number of
 * positions, not with its square.
 * @param images normalized images, [count, height, width, 3]; not disposed
 * @throws RangeError if there is no such layer, it has no attention, or a mask has another size or no image
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { attentionStatistics } from '@nonlocal-med/explain';
 * import { createModel } from '@nonlocal-med/models';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('shufflenetv2-nla', { classes: 2, inputSize: 32 });
 * const images = tf.tensor4d(new Float32Array(32 * 32 * 3).fill(0.5), [1, 32, 32, 3]);
 * const lesion = new Uint8Array(32 * 32);
 * lesion[5 * 32 + 9] = 1; // one pixel in row 5
 *
 * const [{ entropy, keys, onLesions }] = await attentionStatistics(model, images, { masks: [lesion] });
 * console.log(keys, entropy <= Math.log(keys), onLesions !== null); // 64 true true
 * ```
 */
export async function attentionStatistics(
  model: LayersModel,
  images: tf.Tensor4D,
  { layer: name = 'nam', masks = [] }: AttentionStatisticsOptions = {},
): Promise<AttentionStatistics[]> {
  const [count, height, width] = images.shape;
  if (masks.length > count)
    throw new RangeError(`attentionStatistics: ${masks.length} masks for ${count} images.`);
  const wrong = masks.find((mask) => mask !== undefined && mask.length !== height * width);
  if (wrong !== undefined)
    throw new RangeError(
      `attentionStatistics: a mask has ${wrong.length} pixels, the images ${height} x ${width}.`,
    );
  const layer = requireAttention(name, model);
  if (typeof (layer as Partial<AttentionLayer>).attentionEntropy !== 'function')
    throw new RangeError(`attentionStatistics: layer "${name}" has no method attentionEntropy.`);
  const [entropy, received] = tf.tidy((): [tf.Tensor, tf.Tensor3D] => {
    const input = layerInput(layer, model, images);
    return [tf.mean(layer.attentionEntropy(input), [1, 2]), layer.attentionReceived(input)];
  });
  const [, rows, columns] = received.shape;
  const [entropies, weights] = await readTensors([entropy, received]);
  const keys = rows * columns;
  return Array.from({ length: count }, (_, index): AttentionStatistics => {
    const mask = masks[index];
    const cells = mask && lesionCells(mask, { height, width, rows, columns });
    const own = weights.subarray(index * keys, (index + 1) * keys);
    return { entropy: entropies[index], keys, onLesions: cells ? share(own, cells) : null };
  });
}

/** Indices of the keys whose part of the image has a lesion. */
function lesionCells(
  mask: Uint8Array,
  size: Readonly<Record<'height' | 'width' | 'rows' | 'columns', number>>,
): Set<number> {
  const { height, width, rows, columns } = size;
  const cells = new Set<number>();
  mask.forEach((value, pixel) => {
    if (value === 0) return;
    const row = Math.floor((Math.floor(pixel / width) * rows) / height);
    cells.add(row * columns + Math.floor(((pixel % width) * columns) / width));
  });
  return cells;
}

/** The mean weight of some keys in multiples of the mean of all; null without any. */
function share(weights: Float32Array, cells: ReadonlySet<number>): number | null {
  if (cells.size === 0) return null;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const inside = [...cells].reduce((sum, cell) => sum + weights[cell], 0);
  return inside / cells.size / (total / weights.length);
}
