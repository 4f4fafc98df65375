import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { LayerConfig } from './seededLayer.js';
import { channelsOf, singleInput, singleShape } from './shapes.js';

export type ChannelHalfConfig = LayerConfig & { readonly half: 'first' | 'second' };

/** One half of the channels: [B, H, W, C] -> [B, H, W, C/2]. */
export class ChannelHalf extends tfl.layers.Layer {
  static className = 'ChannelHalf';

  private readonly half: 'first' | 'second';

  constructor(config: ChannelHalfConfig) {
    super(config);
    this.half = config.half;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      const [batch, height, width, channels] = x.shape;
      return tf.slice4d(
        x,
        [0, 0, 0, this.half === 'first' ? 0 : channels / 2],
        [batch, height, width, channels / 2],
      );
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const channels = channelsOf(inputShape);
    if (channels % 2 !== 0)
      throw new RangeError(
        `ChannelHalf '${this.name}' needs an even number of channels, got ${channels}.`,
      );
    return [...singleShape(inputShape).slice(0, 3), channels / 2];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), half: this.half };
  }
}
tf.serialization.registerClass(ChannelHalf);
