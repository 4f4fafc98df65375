import { type LayerConfig, singleInput } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

export type ImageNormalizationConfig = LayerConfig & {
  /** Mean per channel of values in [0, 1]. */
  readonly mean: readonly number[];
  /** Standard deviation per channel of values in [0, 1]. */
  readonly std: readonly number[];
  /** `std` in models that were exported with the old name. */
  readonly deviation?: readonly number[];
};

/** RGB values 0..255 -> (x / 255 - mean) / std, [B, H, W, 3]; the first layer of an exported model. */
export class ImageNormalization extends tfl.layers.Layer {
  static className = 'ImageNormalization';

  private readonly mean: readonly number[];
  private readonly std: readonly number[];

  constructor(config: ImageNormalizationConfig) {
    super(config);
    this.mean = config.mean;
    this.std = config.std ?? config.deviation;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const scaled = tf.div(tf.cast(singleInput(inputs), 'float32'), 255);
      return tf.div(tf.sub(scaled, tf.tensor1d([...this.mean])), tf.tensor1d([...this.std]));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), mean: [...this.mean], std: [...this.std] };
  }
}
tf.serialization.registerClass(ImageNormalization);
