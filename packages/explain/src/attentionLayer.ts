import type * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers';

type Layer = LayersModel['layers'][number];

/** A layer that exposes its attention, such as `NonLocalAttention` of `@nonlocal-med/nonlocal`. */
export interface AttentionLayer {
  /**
   * The attention weights of one position.
   * @param x the layer's input, [B, H, W, C]
   * @param position in the layer's input
   * @returns [B, h, w], each image summing to 1
   */
  attentionMap(x: tf.Tensor4D, position: { row: number; column: number }): tf.Tensor3D;
  /**
   * What each key position contributes to a score.
   * @param gradient of the score with respect to the layer's output, [B, H, W, E]
   * @returns [B, h, w]
   */
  attentionSource(x: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor3D;
  /**
   * The mean attention that each key position receives.
   * @returns [B, h, w], each image summing to 1
   */
  attentionReceived(x: tf.Tensor4D): tf.Tensor3D;
  /**
   * The entropy of each position's attention weights in nats.
   * @returns [B, H, W]
   */
  attentionEntropy(x: tf.Tensor4D): tf.Tensor3D;
}

/**
 * The layers of a model whose attention can be shown, in the model's order.
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { attentionLayers } from '@nonlocal-med/explain';
 * import { createModel } from '@nonlocal-med/models';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('shufflenetv2-nla', { classes: 2, inputSize: 64 });
 * console.log(attentionLayers(model).join()); // nam
 * ```
 */
export function attentionLayers(model: LayersModel): string[] {
  return model.layers.filter(hasAttention).map(({ name }) => name);
}

/**
 * A layer by its name, or the layer itself, with its attention.
 * @throws RangeError if there is no such layer or it has no attention, with the layers of the model that have it
 */
export function requireAttention(
  layer: string | Layer,
  model?: LayersModel,
): AttentionLayer & Layer {
  const found =
    typeof layer === 'string' ? model?.layers.find(({ name }) => name === layer) : layer;
  if (found !== undefined && hasAttention(found)) return found;
  const name = typeof layer === 'string' ? layer : layer.name;
  const reason =
    found === undefined ? `the model has no layer "${name}"` : `layer "${name}" has no attention`;
  const usable = model === undefined ? [] : attentionLayers(model);
  throw new RangeError(`${reason}. Layers that have it: ${usable.join(', ') || 'none'}.`);
}

/** The input of a layer for some images, in inference. The tensor belongs to the caller's tidy. */
export function layerInput(layer: Layer, model: LayersModel, images: tf.Tensor4D): tf.Tensor4D {
  const below = layersModel({ inputs: model.inputs, outputs: [layer.input].flat()[0] });
  return below.apply(images, { training: false }) as tf.Tensor4D;
}

function hasAttention(layer: Layer): layer is AttentionLayer & Layer {
  return typeof (layer as Partial<AttentionLayer>).attentionMap === 'function';
}
