import {
  channelsOf,
  globalAveragePool,
  linear,
  relu,
  SeededLayer,
  type SeededLayerConfig,
  singleInput,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

export type SqueezeExcitationConfig = SeededLayerConfig & {
  /** C / reduction hidden units; default 16. */
  readonly reduction?: number;
  /** Default true. */
  readonly useBias?: boolean;
};

/**
 * Squeeze-and-excitation gate (Hu et al. 2018; hujie-frank/SENet, biases on): x times sigmoid(fc2(ReLU(fc1(mean x)))).
 *
 * [B, H, W, C] -> the same. Weights: fc1.weight [C, C/r], fc1.bias, fc2.weight [C/r, C], fc2.bias.
 */
export class SqueezeExcitation extends SeededLayer {
  static className = 'SqueezeExcitation';

  private readonly reduction: number;
  private readonly useBias: boolean;
  private mlp!: GateMlp;

  constructor(config: SqueezeExcitationConfig = {}) {
    super(config);
    this.reduction = config.reduction ?? 16;
    this.useBias = config.useBias ?? true;
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf(inputShape);
    const hidden = Math.max(1, Math.floor(channels / this.reduction));
    const add = (name: string, shape: number[], fanIn: number): tfl.LayerVariable =>
      this.addSeededWeight(name, shape, { initial: 'torch-uniform', fanIn });
    const bias = (name: string, length: number, fanIn: number): tfl.LayerVariable | undefined =>
      this.useBias ? add(name, [length], fanIn) : undefined;
    this.mlp = {
      reduceWeight: add('fc1.weight', [channels, hidden], channels),
      reduceBias: bias('fc1.bias', hidden, channels),
      expandWeight: add('fc2.weight', [hidden, channels], hidden),
      expandBias: bias('fc2.bias', channels, hidden),
    };
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      const gate = tf.sigmoid(gateMlp(globalAveragePool(x), this.mlp)); // [B, C]
      return tf.mul(x, tf.reshape(gate, [x.shape[0], 1, 1, x.shape[3]]));
    });
  }

  /** Multiply-adds per image. */
  operations(inputShape: tfl.Shape): number {
    const channels = channelsOf(inputShape);
    return 2 * channels * Math.max(1, Math.floor(channels / this.reduction));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), reduction: this.reduction, useBias: this.useBias };
  }
}
tf.serialization.registerClass(SqueezeExcitation);

/** The weights of a two-layer perceptron, C -> C/r -> C. */
export interface GateMlp {
  readonly reduceWeight: tfl.LayerVariable;
  readonly reduceBias?: tfl.LayerVariable;
  readonly expandWeight: tfl.LayerVariable;
  readonly expandBias?: tfl.LayerVariable;
}

/** expand(ReLU(reduce(z))): [B, C] -> [B, C]. */
export function gateMlp(
  z: tf.Tensor2D,
  { reduceWeight, reduceBias, expandWeight, expandBias }: GateMlp,
): tf.Tensor2D {
  return tf.tidy(() => {
    const hidden = relu<tf.Tensor2D>(
      linear(z, reduceWeight.read() as tf.Tensor2D, reduceBias?.read() as tf.Tensor1D | undefined),
    );
    return linear(
      hidden,
      expandWeight.read() as tf.Tensor2D,
      expandBias?.read() as tf.Tensor1D | undefined,
    );
  });
}
