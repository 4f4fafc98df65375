import * as tf from '@tensorflow/tfjs-core';
import { inFloat32 } from '../precision/autocast.js';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/** Mean over all positions. [B, H, W, C] -> [B, C] */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape;
  return differentiable({
    inputs: { x },
    forward: () => tf.mean<tf.Tensor2D>(x, [1, 2]),
    backward: (dy: tf.Tensor2D) => ({
      x: () => {
        const share = tf.reshape(tf.div(dy, height * width), [batch, 1, channels]);
        // TF.js' own gradient multiplies by ones, which is 10 times slower.
        const gradient = tf.reshape(tf.tile(share, [1, height * width, 1]), x.shape);
        disposeAfterBackward(dy, []);
        return gradient;
      },
    }),
  });
}

/** Maximum over all positions; ties share the gradient as in `torch.amax`. [B, H, W, C] -> [B, C] */
export function globalMaxPool(x: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => tf.reshape(maximum(x, [1, 2]), [x.shape[0], x.shape[3]]));
}

/** Mean over the channels. [B, H, W, C] -> [B, H, W, 1] */
export function channelMean(x: tf.Tensor4D): tf.Tensor4D {
  const channels = x.shape[3];
  return differentiable({
    inputs: { x },
    forward: () => tf.mean<tf.Tensor4D>(x, 3, true),
    backward: (dy: tf.Tensor4D) => ({
      x: () => {
        const shares = inFloat32(() =>
          tf.matMul(tf.reshape(dy, [-1, 1]), tf.fill([1, channels], 1 / channels)),
        ); // [B H W, C]
        disposeAfterBackward(dy, []);
        return tf.reshape(shares, x.shape);
      },
    }),
  });
}

/** Maximum over the channels; ties share the gradient as in `torch.amax`. [B, H, W, C] -> [B, H, W, 1] */
export function channelMax(x: tf.Tensor4D): tf.Tensor4D {
  return maximum(x, [3]);
}

/**
 * Maximum over axes, kept with length 1, whose gradient is split evenly among tied maxima (`torch.amax`; `tf.max` gives
 * each of them the whole gradient).
 */
function maximum<T extends tf.Tensor>(x: T, axes: number[]): T {
  return differentiable({
    inputs: { x },
    forward: (save) => {
      const y = tf.max<T>(x, axes, true);
      save([x, y]);
      return y;
    },
    backward: (dy: T, [savedX, savedY]) => ({
      x: () => {
        const isMaximum = tf.cast(tf.equal(savedX, savedY), 'float32');
        const gradient = tf.mul(isMaximum, tf.div(dy, tf.sum(isMaximum, axes, true)));
        disposeAfterBackward(dy, [savedX, savedY]);
        return gradient;
      },
    }),
  });
}
