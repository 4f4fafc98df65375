import * as tf from '@tensorflow/tfjs-core';
import { interleaveChannels } from './interleaveChannels.js';

/**
 * Deals the channels of `groups` equal groups out in turn: with 2 groups of n channels, out[2 j] = in[j] and
 * out[2 j + 1] = in[n + j] (ShuffleNet; spec 2.3).
 * @param x [B, H, W, C]
 * @returns [B, H, W, C]
 * @throws RangeError where the channels cannot be divided.
 */
export function channelShuffle(x: tf.Tensor4D, groups: number): tf.Tensor4D {
  const channels = x.shape[3];
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0)
    throw new RangeError(`${channels} channels cannot be divided into ${groups} groups`);
  return tf.tidy(() => {
    if (groups === 2)
      return interleaveChannels(...(tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D]));
    const grouped = tf.reshape(x, [-1, groups, channels / groups]); // [B H W, g, C / g]
    return tf.reshape(tf.transpose(grouped, [0, 2, 1]), x.shape);
  });
}
