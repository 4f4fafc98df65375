import { crissCrossAttention } from '@nonlocal-med/nonlocal';
import {
  channelsOf,
  conv2d,
  SeededLayer,
  type SeededLayerConfig,
  singleInput,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

export type CrissCrossConfig = SeededLayerConfig & {
  /** How often the module is applied, with the same weights; default 2. */
  readonly recurrence?: number;
};

interface Projection {
  readonly weight: tfl.LayerVariable;
  readonly bias: tfl.LayerVariable;
}

/**
 * Recurrent criss-cross attention (CCNet, Huang et al. 2019; speedinghzl/CCNet): x <- x + gamma * attention over each
 * pixel's row and column, `recurrence` times with the same weights; gamma starts at 0 (docs/specification.md, section
 * 4.4).
 *
 * [B, H, W, C] -> the same. Weights: query.weight, key.weight [1, 1, C, C/8], value.weight [1, 1, C, C], their biases,
 * gamma [1].
 */
export class CrissCross extends SeededLayer {
  static className = 'CrissCross';

  private readonly recurrence: number;
  private projections!: Readonly<Record<'query' | 'key' | 'value', Projection>>;
  private gamma!: tfl.LayerVariable;

  constructor(config: CrissCrossConfig = {}) {
    super(config);
    this.recurrence = config.recurrence ?? 2;
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf(inputShape);
    const inner = innerChannels(channels);
    const add = (name: string, filters: number): Projection => ({
      weight: this.addSeededWeight(`${name}.weight`, [1, 1, channels, filters], {
        initial: 'torch-uniform',
        fanIn: channels,
      }),
      bias: this.addSeededWeight(`${name}.bias`, [filters], {
        initial: 'torch-uniform',
        fanIn: channels,
      }),
    });
    this.projections = {
      query: add('query', inner),
      key: add('key', inner),
      value: add('value', channels),
    };
    this.gamma = this.addSeededWeight('gamma', [1], { initial: 0 });
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      let x = singleInput(inputs);
      for (let pass = 0; pass < this.recurrence; pass++) x = this.attend(x);
      return x;
    });
  }

  /** Multiply-adds per image. */
  operations(inputShape: tfl.Shape): number {
    const [, height, width, channels] = inputShape as number[];
    const inner = innerChannels(channels);
    const projections = channels * (2 * inner + channels);
    const attention = (height + width) * (inner + channels);
    return this.recurrence * height * width * (projections + attention);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), recurrence: this.recurrence };
  }

  private attend(x: tf.Tensor4D): tf.Tensor4D {
    const project = ({ weight, bias }: Projection): tf.Tensor4D =>
      tf.add(conv2d(x, weight.read() as tf.Tensor4D), bias.read());
    const { query, key, value } = this.projections;
    return tf.add(
      x,
      tf.mul(crissCrossAttention(project(query), project(key), project(value)), this.gamma.read()),
    );
  }
}
tf.serialization.registerClass(CrissCross);

function innerChannels(channels: number): number {
  return Math.max(1, Math.floor(channels / 8));
}
