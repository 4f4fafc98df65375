import { globalAveragePool } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { singleInput, singleShape } from './shapes.js';

/** Mean over height and width: [B, H, W, C] -> [B, C]. */
export class GlobalAveragePooling extends tfl.layers.Layer {
  static className = 'GlobalAveragePooling';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => globalAveragePool(singleInput(inputs)));
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const shape = singleShape(inputShape);
    return [shape[0], shape[3]];
  }
}
tf.serialization.registerClass(GlobalAveragePooling);
