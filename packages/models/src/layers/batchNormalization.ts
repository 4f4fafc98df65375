import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type NormalizationWeights, runningNormalization } from './runningNormalization.js';
import { SeededLayer, type SeededLayerConfig } from './seededLayer.js';
import { channelsOf, singleInput } from './shapes.js';

export type BatchNormalizationConfig = SeededLayerConfig & {
  readonly activation?: 'linear' | 'relu';
  readonly epsilon?: number;
  /** PyTorch's meaning: the share of the new batch in the running statistics. */
  readonly momentum?: number;
  /** Where `weight` starts; 0 makes what follows an identity at first. */
  readonly initialScale?: number;
};

/**
 * Batch normalisation with PyTorch's statistics, fused with a ReLU where one follows.
 *
 * [B, H, W, C] -> the same. Weights [C]: weight, bias; running_mean, running_var (not trained).
 */
export class BatchNormalization extends SeededLayer {
  static className = 'NonLocalMedBatchNormalization';

  private readonly options: Required<
    Pick<BatchNormalizationConfig, 'activation' | 'epsilon' | 'momentum' | 'initialScale'>
  >;
  private variables!: NormalizationWeights;

  constructor(config: BatchNormalizationConfig = {}) {
    super(config);
    const { activation = 'linear', epsilon = 1e-5, momentum = 0.1, initialScale = 1 } = config;
    this.options = { activation, epsilon, momentum, initialScale };
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const shape = [channelsOf(inputShape)];
    this.variables = {
      weight: this.addSeededWeight('weight', shape, { initial: this.options.initialScale }),
      bias: this.addSeededWeight('bias', shape, { initial: 0 }),
      runningMean: this.addSeededWeight('running_mean', shape, { initial: 0, trainable: false }),
      runningVariance: this.addSeededWeight('running_var', shape, { initial: 1, trainable: false }),
    };
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: { training?: boolean }): tf.Tensor {
    return tf.tidy(() =>
      runningNormalization(singleInput(inputs), {
        ...this.options,
        weights: this.variables,
        training: kwargs?.training === true,
      }),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }
}
tf.serialization.registerClass(BatchNormalization);
