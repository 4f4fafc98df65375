import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  type BinRule,
  resizeBilinear,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** How the attention map is brought to the encoder feature's size. */
export const FUSION_OPERATORS = ['average', 'max', 'bilinear'] as const;
export type FusionOperator = (typeof FUSION_OPERATORS)[number];

/** Bins of the two poolings: PyTorch's adaptive ones, or windows of one size at one stride. */
export const FUSION_POOLS = ['adaptive', 'plain'] as const satisfies readonly BinRule[];

/** Options of {@link NonLocalContextFusion}. */
export interface NonLocalContextFusionConfig {
  /** Operators in the order of their channels; default all three, as the paper lists them. */
  readonly operators?: readonly FusionOperator[];
  /** How average and max share the map's positions; default adaptive. Plain needs a map at least as large as the feature. */
  readonly pools?: BinRule;
}

type LayerConfig = ConstructorParameters<typeof tfl.layers.Layer>[0];
type Reduce = (map: tf.Tensor4D, size: [number, number], options: { bins: BinRule }) => tf.Tensor4D;

const REDUCE: Readonly<Record<FusionOperator, Reduce>> = {
  average: adaptiveAveragePool,
  max: adaptiveMaxPool,
  bilinear: resizeBilinear,
};

/**
 * Non-local context fusion (NVCF): brings the attention map Y to the size of the encoder's feature E by adaptive average
 * pooling, adaptive max pooling and bilinear interpolation, and appends the three to E's channels (spec 3.2).
 *
 * Inputs [E, Y] = [[B, h, w, D], [B, H, W, C]] -> [B, h, w, D + 3 C], in the order E, average, max, bilinear. TF.js computes
 * the last input first: Y's branch before the encoder, so that in the backward pass it comes when the encoder's features
 * are freed.
 */
export class NonLocalContextFusion extends tfl.layers.Layer {
  static className = 'NonLocalContextFusion';

  private readonly operators: readonly FusionOperator[];
  private readonly pools: BinRule;

  constructor(config: NonLocalContextFusionConfig & LayerConfig = {}) {
    super(config);
    const { operators = FUSION_OPERATORS, pools = 'adaptive' } = config;
    const unknown = operators.find((operator) => !FUSION_OPERATORS.includes(operator));
    if (unknown !== undefined)
      throw new RangeError(
        `NonLocalContextFusion: operator is '${unknown}'; ${FUSION_OPERATORS.join(', ')} exist.`,
      );
    if (operators.length === 0)
      throw new RangeError(
        `NonLocalContextFusion needs at least one operator of ${FUSION_OPERATORS.join(', ')}.`,
      );
    if (!FUSION_POOLS.includes(pools))
      throw new RangeError(
        `NonLocalContextFusion: pools is '${String(pools)}'; ${FUSION_POOLS.join(', ')} exist.`,
      );
    this.operators = [...operators];
    this.pools = pools;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [feature, map] = inputs as tf.Tensor4D[];
    return tf.tidy(() => {
      const [, height, width] = feature.shape;
      const reduced = this.operators.map((operator) =>
        REDUCE[operator](map, [height, width], { bins: this.pools }),
      ); // [B, h, w, C] each
      return tf.concat4d([feature, ...reduced], 3);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [feature, map] = inputShape as tfl.Shape[];
    const [channels, own] = [map[3], feature[3]];
    return [
      ...feature.slice(0, 3),
      channels === null || own === null ? null : own + this.operators.length * channels,
    ];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), operators: [...this.operators], pools: this.pools };
  }
}
tf.serialization.registerClass(NonLocalContextFusion);
