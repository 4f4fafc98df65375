import { depthwiseConv2d } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { SeededLayer, type SeededLayerConfig } from './seededLayer.js';
import { channelsOf, singleInput, singleShape, slidingLength } from './shapes.js';

export type DepthwiseConvolutionConfig = SeededLayerConfig & {
  readonly size: number;
  readonly stride?: number;
  /** Zeros on each side, as in PyTorch; default size / 2 rounded down. */
  readonly padding?: number;
};

/**
 * One filter a channel, PyTorch's geometry, no bias (spec 2.3).
 *
 * [B, H, W, C] -> [B, h, w, C]. Weight: weight [size, size, C, 1].
 */
export class DepthwiseConvolution extends SeededLayer {
  static className = 'DepthwiseConvolution';

  private readonly options: {
    readonly size: number;
    readonly stride: number;
    readonly padding: number;
  };
  private weight!: tfl.LayerVariable;

  constructor(config: DepthwiseConvolutionConfig) {
    super(config);
    const { size, stride = 1, padding = Math.floor(size / 2) } = config;
    this.options = { size, stride, padding };
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { size } = this.options;
    this.weight = this.addSeededWeight('weight', [size, size, channelsOf(inputShape), 1], {
      initial: 'torch-uniform',
      fanIn: size * size,
    });
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { stride, padding } = this.options;
    return tf.tidy(() =>
      depthwiseConv2d(singleInput(inputs), this.weight.read() as tf.Tensor4D, { stride, padding }),
    );
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

  /** Multiply-adds an image. */
  operations(inputShape: tfl.Shape): number {
    const [, height, width, channels] = this.computeOutputShape(inputShape) as number[];
    return height * width * channels * this.options.size ** 2;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(DepthwiseConvolution);
