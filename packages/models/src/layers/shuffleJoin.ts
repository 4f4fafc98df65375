import { interleaveChannels } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/**
 * The end of a ShuffleNetV2 unit: concatenation of two branches and channel shuffle in two groups (spec 2.3).
 *
 * [a, b], each [B, H, W, h] -> [B, H, W, 2 h] with a's and b's channels alternating.
 */
export class ShuffleJoin extends tfl.layers.Layer {
  static className = 'ShuffleJoin';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [a, b] = inputs as tf.Tensor4D[];
    return tf.tidy(() => interleaveChannels(a, b));
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [a, b] = inputShape as tfl.Shape[];
    if (a[3] !== b[3] || a[3] === null)
      throw new RangeError(
        `ShuffleJoin '${this.name}' needs two branches of equal width, got ${a[3]} and ${b[3]} channels.`,
      );
    return [...a.slice(0, 3), 2 * a[3]];
  }
}
tf.serialization.registerClass(ShuffleJoin);
