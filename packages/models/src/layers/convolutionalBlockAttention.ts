import {
  channelMax,
  channelMean,
  channelsOf,
  conv2d,
  globalAveragePool,
  globalMaxPool,
  SeededLayer,
  type SeededLayerConfig,
  singleInput,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type NormalizationWeights, runningNormalization } from './batchNormalization.js';
import { type GateMlp, gateMlp } from './squeezeExcitation.js';

export type ConvolutionalBlockAttentionConfig = SeededLayerConfig & { readonly reduction?: number };

/** Height and width of the spatial gate's kernel. */
const KERNEL = 7;
const EPSILON = 1e-5;
const MOMENTUM = 0.01;

/**
 * CBAM (Woo et al. 2018; Jongchan/attention-module): a channel gate from mean and maximum through one shared perceptron,
 * then a spatial gate from the channels' maximum and mean (docs/specification.md, section 4.2). The spatial gate's
 * normalization starts at 0, so that both gates start near one half.
 *
 * [B, H, W, C] -> the same. Weights: fc1.weight [C, C/r], fc1.bias, fc2.weight [C/r, C], fc2.bias, conv.weight
 * [7, 7, 2, 1], bn.weight, bn.bias, bn.running_mean, bn.running_var [1].
 */
export class ConvolutionalBlockAttention extends SeededLayer {
  static className = 'ConvolutionalBlockAttention';

  private readonly reduction: number;
  private mlp!: GateMlp;
  private kernel!: tfl.LayerVariable;
  private normalization!: NormalizationWeights;

  constructor(config: ConvolutionalBlockAttentionConfig = {}) {
    super(config);
    this.reduction = config.reduction ?? 16;
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf(inputShape);
    const hidden = Math.max(1, Math.floor(channels / this.reduction));
    this.mlp = {
      reduceWeight: this.addSeededWeight('fc1.weight', [channels, hidden], {
        initial: 'torch-uniform',
        fanIn: channels,
      }),
      reduceBias: this.addSeededWeight('fc1.bias', [hidden], { initial: 0 }),
      expandWeight: this.addSeededWeight('fc2.weight', [hidden, channels], {
        initial: 'torch-uniform',
        fanIn: hidden,
      }),
      expandBias: this.addSeededWeight('fc2.bias', [channels], { initial: 0 }),
    };
    this.kernel = this.addSeededWeight('conv.weight', [KERNEL, KERNEL, 2, 1], {
      initial: 'kaiming-normal',
      fanOut: KERNEL ** 2,
    });
    this.normalization = {
      weight: this.addSeededWeight('bn.weight', [1], { initial: 0 }),
      bias: this.addSeededWeight('bn.bias', [1], { initial: 0 }),
      runningMean: this.addSeededWeight('bn.running_mean', [1], { initial: 0, trainable: false }),
      runningVariance: this.addSeededWeight('bn.running_var', [1], {
        initial: 1,
        trainable: false,
      }),
    };
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      const attended = tf.mul<tf.Tensor4D>(x, this.channelGate(x)); // [B, H, W, C]
      return tf.mul(attended, this.spatialGate(attended, kwargs?.training === true));
    });
  }

  /** Multiply-adds per image. */
  operations(inputShape: tfl.Shape): number {
    const [, height, width, channels] = inputShape as number[];
    return (
      4 * channels * Math.max(1, Math.floor(channels / this.reduction)) +
      height * width * 2 * KERNEL ** 2
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), reduction: this.reduction };
  }

  /** [B, 1, 1, C] */
  private channelGate(x: tf.Tensor4D): tf.Tensor4D {
    const logits = tf.add(
      gateMlp(globalAveragePool(x), this.mlp),
      gateMlp(globalMaxPool(x), this.mlp),
    );
    return tf.reshape(tf.sigmoid(logits), [x.shape[0], 1, 1, x.shape[3]]);
  }

  /** [B, H, W, 1] */
  private spatialGate(x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const summary = tf.concat4d([channelMax(x), channelMean(x)], 3); // [B, H, W, 2]
    const z = conv2d(summary, this.kernel.read() as tf.Tensor4D, { padding: (KERNEL - 1) / 2 });
    return tf.sigmoid(
      runningNormalization(z, {
        weights: this.normalization,
        training,
        epsilon: EPSILON,
        momentum: MOMENTUM,
      }),
    );
  }
}
tf.serialization.registerClass(ConvolutionalBlockAttention);
