import {
  addRelu,
  channelsOf,
  interleaveChannels,
  type LayerConfig,
  singleInput,
  singleShape,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** The end of a residual block: [a, b] -> max(a + b, 0), all [B, H, W, C]. */
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

/**
 * The end of a ShuffleNetV2 unit: concatenation of two branches and channel shuffle in two groups
 * (docs/specification.md, section 2.3).
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

/** Gives a feature map another name. */
export class Identity extends tfl.layers.Layer {
  static className = 'NonLocalMedIdentity';
}
tf.serialization.registerClass(Identity);
