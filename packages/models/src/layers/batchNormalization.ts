import {
  batchNormInference,
  batchNormTrain,
  channelsOf,
  SeededLayer,
  type SeededLayerConfig,
  singleInput,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

export type BatchNormalizationConfig = SeededLayerConfig & {
  /** Default `linear`. */
  readonly activation?: 'linear' | 'relu';
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /** The weight of the new batch in the running statistics, as in PyTorch; default 0.1. */
  readonly momentum?: number;
  /** Initial value of `weight`; default 1. With 0, a residual block that ends here starts as an identity. */
  readonly initialScale?: number;
};

/**
 * Batch normalization with PyTorch's statistics, fused with a ReLU where one follows.
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

/** The weights of one batch normalization, [C] each. */
export interface NormalizationWeights {
  readonly weight: tfl.LayerVariable;
  readonly bias: tfl.LayerVariable;
  readonly runningMean: tfl.LayerVariable;
  readonly runningVariance: tfl.LayerVariable;
}

/** Options of {@link runningNormalization}. */
export interface RunningNormalizationOptions {
  readonly weights: NormalizationWeights;
  readonly training: boolean;
  readonly epsilon: number;
  readonly momentum: number;
  readonly activation?: 'linear' | 'relu';
}

/**
 * Batch normalization as in PyTorch (docs/specification.md, section 2.1): in training with the batch's biased variance,
 * while the running statistics move by `momentum` toward the batch's mean and unbiased variance; otherwise with the
 * running statistics.
 * @param x [B, H, W, C]
 * @returns [B, H, W, C]
 */
export function runningNormalization(
  x: tf.Tensor4D,
  { weights, training, epsilon, momentum, activation = 'linear' }: RunningNormalizationOptions,
): tf.Tensor4D {
  const scale = weights.weight.read() as tf.Tensor1D;
  const offset = weights.bias.read() as tf.Tensor1D;
  const mean = weights.runningMean.read() as tf.Tensor1D;
  const variance = weights.runningVariance.read() as tf.Tensor1D;
  if (!training)
    return batchNormInference(x, { scale, offset, mean, variance, epsilon, activation });
  const update = (movedMean: tf.Tensor1D, movedVariance: tf.Tensor1D): void => {
    weights.runningMean.write(movedMean);
    weights.runningVariance.write(movedVariance);
  };
  return batchNormTrain(x, {
    scale,
    offset,
    epsilon,
    activation,
    running: { mean, variance, momentum, update },
  });
}
