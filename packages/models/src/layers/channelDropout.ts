import { createRandom, type StepSeeded } from '@nonlocal-med/core';
import { type LayerConfig, singleInput } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

export type ChannelDropoutConfig = LayerConfig & { readonly rate: number };

/**
 * PyTorch's Dropout2d: in training, whole channels of an image are zeroed with probability `rate` and the others scaled
 * by 1 / (1 - rate). Which ones depends only on the run's seed, the step and the layer's name. [B, H, W, C] -> the same.
 */
export class ChannelDropout extends tfl.layers.Layer implements StepSeeded {
  static className = 'ChannelDropout';

  private readonly rate: number;
  private runSeed = 0;
  private step = 0;

  constructor(config: ChannelDropoutConfig) {
    super(config);
    this.rate = config.rate;
  }

  setStep(seed: number, step: number): void {
    this.runSeed = seed;
    this.step = step;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: { training?: boolean }): tf.Tensor {
    const x = singleInput(inputs);
    if (kwargs?.training !== true || this.rate === 0) return x;
    const [batch, , , channels] = x.shape;
    const random = createRandom(this.runSeed, 'dropout', this.name, this.step);
    const factors = Float32Array.from({ length: batch * channels }, () =>
      random.chance(this.rate) ? 0 : 1 / (1 - this.rate),
    );
    this.step++; // without setStep, every call still gets a new mask
    return tf.tidy(() => tf.mul(x, tf.tensor4d(factors, [batch, 1, 1, channels])));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(ChannelDropout);
