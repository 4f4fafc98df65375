import { addRelu } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** The end of a residual block: [a, b] -> max(a + b, 0). */
export class AddRelu extends tfl.layers.Layer {
  static className = 'AddRelu';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [a, b] = inputs as tf.Tensor4D[];
    return tf.tidy(() => addRelu(a, b));
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return (inputShape as tfl.Shape[])[0];
  }
}
tf.serialization.registerClass(AddRelu);
