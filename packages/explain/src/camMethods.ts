import { isAttentionMethod, type SaliencyMap, type SaliencyMethod } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireAttention } from './attentionLayer.js';
import type { CapturedLayer } from './captureLayers.js';

/** Computes the map of a layer before it is clipped at zero and scaled, [count, h, w]. */
type MapOfLayer = (captured: CapturedLayer) => tf.Tensor3D;

/**
 * One map of each method. With A the layer's activations and G the gradient of the score, both [count, h, w, channels],
 * and means and sums over positions written as mean_p and sum_p:
 *
 *     Grad-CAM     sum_c mean_p(G) A                        Selvaraju et al. 2017
 *     Grad-CAM++   sum_c sum_p(relu(G) alpha) A             Chattopadhay et al. 2018
 *     LayerCAM     sum_c relu(G) A                          Jiang et al. 2021
 *     HiResCAM     sum_c G A                                Draelos and Carin 2021
 *
 * with alpha = G^2 / (2 G^2 + sum_p(A) G^3 + 1e-6), all as in pytorch-grad-cam. Grad-CAM and Grad-CAM++ give a channel
 * one weight for all positions; LayerCAM and HiResCAM weight each position on its own, which keeps single pixels of
 * early layers apart. For the attention maps see `attentionSource` of `@nonlocal-med/nonlocal`.
 */
export const mapOfLayer: Readonly<Record<SaliencyMethod, MapOfLayer>> = {
  gradcam: ({ activation, gradient }) => weightedSum(activation, tf.mean(gradient, [1, 2], true)),
  'gradcam++': ({ activation, gradient }) =>
    weightedSum(activation, plusPlusWeights(activation, gradient)),
  layercam: ({ activation, gradient }) => weightedSum(activation, tf.relu(gradient)),
  hirescam: ({ activation, gradient }) => weightedSum(activation, gradient),
  'attention-source': ({ layer, input, gradient }) =>
    requireAttention(layer).attentionSource(input, gradient),
  'attention-received': ({ layer, input }) => requireAttention(layer).attentionReceived(input),
};

/** @param weights [count, h or 1, w or 1, channels] */
function weightedSum(activation: tf.Tensor4D, weights: tf.Tensor): tf.Tensor3D {
  return tf.sum(tf.mul(weights, activation), 3);
}

/** The weights of Grad-CAM++, [count, 1, 1, channels]. */
function plusPlusWeights(activation: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor {
  const sums = tf.sum(activation, [1, 2], true);
  const squares = tf.square(gradient);
  const cubes = tf.mul(squares, gradient);
  const denominator = tf.add(tf.add(tf.mul(squares, 2), tf.mul(sums, cubes)), 1e-6);
  // Where the gradient is 0, the numerator is 0 as well; the denominator is not, because of the 1e-6.
  const alpha = tf.div(squares, denominator);
  return tf.sum(tf.mul(tf.relu(gradient), alpha), [1, 2], true);
}

/**
 * Checks that the layers of attention maps have attention; other methods take any spatial layer.
 * @throws RangeError that lists the layers that have it
 */
export function checkAttentionMaps(model: LayersModel, maps: readonly SaliencyMap[]): void {
  for (const { method, layer } of maps)
    if (isAttentionMethod(method)) requireAttention(layer, model);
}
