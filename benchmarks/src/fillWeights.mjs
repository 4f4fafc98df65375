import { modelWeights } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Gives a model random weights none of which is 0, so that each of its parts affects the outputs, and that the outputs differ
 * between images. The same model gets the same weights.
 */
export function fillWeights(model) {
  for (const [index, { key, variable }] of modelWeights(model).entries())
    tf.tidy(() => {
      const { shape } = variable;
      const noise = tf.randomUniform(shape, -1, 1, 'float32', index + 1);
      const size = shape.reduce((a, b) => a * b, 1);
      if (shape.length > 1) variable.write(tf.mul(noise, Math.sqrt((6 * shape.at(-1)) / size)));
      else if (/weight$|running_var$|gamma$/.test(key))
        variable.write(tf.add(1, tf.mul(0.25, noise)));
      else variable.write(tf.mul(0.1, noise));
    });
}
