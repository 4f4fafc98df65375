import { maxPool } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { LayerConfig } from './seededLayer.js';
import { singleInput, singleShape, slidingLength } from './shapes.js';

export type MaxPoolingConfig = LayerConfig & {
  readonly size: number;
  readonly stride?: number;
  readonly padding?: number;
};

/** Maximum over a sliding window; padding never wins (PyTorch). [B, H, W, C] -> [B, h, w, C]. */
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
