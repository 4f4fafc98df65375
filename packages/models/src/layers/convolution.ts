import {
  channelsOf,
  conv2d,
  depthwiseConv2d,
  type InitialRule,
  SeededLayer,
  type SeededLayerConfig,
  singleInput,
  singleShape,
  slidingLength,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

export type PaddedConvolutionConfig = SeededLayerConfig & {
  readonly filters: number;
  /** Height and width of the kernel. */
  readonly size: number;
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on each side, as in PyTorch; default size / 2 rounded down. */
  readonly padding?: number;
  /** Default false. */
  readonly useBias?: boolean;
  /** Initial kernel; default PyTorch's uniform. */
  readonly initial?: InitialRule;
  /** Initial bias; default PyTorch's uniform. */
  readonly initialBias?: InitialRule;
};

/**
 * Convolution with PyTorch's geometry: equal numeric padding on both sides, never 'same'
 * (docs/specification.md, section 2.1).
 *
 * [B, H, W, C] -> [B, h, w, filters]. Weights: weight [size, size, C, filters], bias [filters] with
 * `useBias`.
 */
export class PaddedConvolution extends SeededLayer {
  static className = 'PaddedConvolution';

  private readonly options: Required<
    Pick<
      PaddedConvolutionConfig,
      'filters' | 'size' | 'stride' | 'padding' | 'useBias' | 'initial' | 'initialBias'
    >
  >;
  private weight!: tfl.LayerVariable;
  private bias?: tfl.LayerVariable;

  constructor(config: PaddedConvolutionConfig) {
    super(config);
    const {
      filters,
      size,
      stride = 1,
      padding = Math.floor(size / 2),
      useBias = false,
      initial = 'torch-uniform',
      initialBias = 'torch-uniform',
    } = config;
    this.options = { filters, size, stride, padding, useBias, initial, initialBias };
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf(inputShape);
    const { filters, size, useBias, initial, initialBias } = this.options;
    const fans = { fanIn: channels * size * size, fanOut: filters * size * size };
    this.weight = this.addSeededWeight('weight', [size, size, channels, filters], {
      initial,
      ...fans,
    });
    if (useBias)
      this.bias = this.addSeededWeight('bias', [filters], { initial: initialBias, ...fans });
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { stride, padding } = this.options;
    return tf.tidy(() => {
      const y = conv2d(singleInput(inputs), this.weight.read() as tf.Tensor4D, { stride, padding });
      return this.bias === undefined ? y : tf.add(y, this.bias.read());
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, height, width] = singleShape(inputShape);
    return [
      batch,
      slidingLength(height, this.options),
      slidingLength(width, this.options),
      this.options.filters,
    ];
  }

  /** Multiply-adds per image. */
  operations(inputShape: tfl.Shape): number {
    const [, height, width, filters] = this.computeOutputShape(inputShape) as number[];
    return height * width * filters * this.options.size ** 2 * channelsOf(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(PaddedConvolution);

export type DepthwiseConvolutionConfig = SeededLayerConfig & {
  readonly size: number;
  readonly stride?: number;
  /** Zeros on each side, as in PyTorch; default size / 2 rounded down. */
  readonly padding?: number;
};

/**
 * Depthwise convolution with PyTorch's geometry and without bias (docs/specification.md, section 2.3).
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

  /** Multiply-adds per image. */
  operations(inputShape: tfl.Shape): number {
    const [, height, width, channels] = this.computeOutputShape(inputShape) as number[];
    return height * width * channels * this.options.size ** 2;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(DepthwiseConvolution);
