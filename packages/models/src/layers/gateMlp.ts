import { linear, relu } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** The weights of a two-layer perceptron C -> C/r -> C. */
export interface GateMlp {
  readonly reduceWeight: tfl.LayerVariable;
  readonly reduceBias?: tfl.LayerVariable;
  readonly expandWeight: tfl.LayerVariable;
  readonly expandBias?: tfl.LayerVariable;
}

/** expand(ReLU(reduce(z))): [B, C] -> [B, C]. */
export function gateMlp(
  z: tf.Tensor2D,
  { reduceWeight, reduceBias, expandWeight, expandBias }: GateMlp,
): tf.Tensor2D {
  return tf.tidy(() => {
    const hidden = relu<tf.Tensor2D>(
      linear(z, reduceWeight.read() as tf.Tensor2D, reduceBias?.read() as tf.Tensor1D | undefined),
    );
    return linear(
      hidden,
      expandWeight.read() as tf.Tensor2D,
      expandBias?.read() as tf.Tensor1D | undefined,
    );
  });
}
