import {
  globalAveragePool,
  type LayerConfig,
  maxPool,
  singleInput,
  singleShape,
  slidingLength,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

export type MaxPoolingConfig = LayerConfig & {
  readonly size: number;
  /** Default `size`. */
  readonly stride?: number;
  /** Default 0. */
  readonly padding?: number;
};

/** Maximum over a sliding window, [B, H, W, C] -> [B, h, w, C]; padding is never the maximum, as in PyTorch. */
export class MaxPooling extends tfl.layers.Layer {
  static className = 'MaxPooling';

  private readonly options: {
    readonly size: number;
    readonly stride: number;
    readonly padding: number;
  };

  constructor(config: MaxPoolingConfig) {
    super(config);
    const { size, stride = size, padding = 0 } = config;
    this.options = { size, stride, padding };
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => maxPool(singleInput(inputs), this.options));
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, height, width, channels] = singleShape(inputShape);
    return [
      batch,
      slidingLength(height, this.options),
      slidingLength(width, this.options),
      channels,
    ];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(MaxPooling);

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
