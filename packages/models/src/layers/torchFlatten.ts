import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { singleInput, singleShape } from './shapes.js';

/** [B, H, W, C] -> [B, C H W], channels outermost as PyTorch flattens, so that a linear layer's columns mean the same. */
export class TorchFlatten extends tfl.layers.Layer {
  static className = 'TorchFlatten';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [x.shape[0], -1]);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, height, width, channels] = singleShape(inputShape);
    if (height === null || width === null || channels === null)
      throw new RangeError(
        `TorchFlatten '${this.name}' needs a known height and width: give the model an inputSize.`,
      );
    return [batch, height * width * channels];
  }
}
tf.serialization.registerClass(TorchFlatten);
