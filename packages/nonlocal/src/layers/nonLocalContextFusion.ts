import {
  adaptiveAveragePool,
  adaptiveMaxPool,
  type BinRule,
  type LayerConfig,
  resizeBilinear,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** How the attention map is resized to the encoder feature's height and width. */
export const FUSION_OPERATORS = ['average', 'max', 'bilinear'] as const;
/** One of {@link FUSION_OPERATORS}. */
export type FusionOperator = (typeof FUSION_OPERATORS)[number];

/** Bins of the two poolings: PyTorch's adaptive ones, or windows of one size at one stride. */
export const FUSION_POOLS = ['adaptive', 'plain'] as const satisfies readonly BinRule[];

/** Options of {@link NonLocalContextFusion}. */
export interface NonLocalContextFusionConfig {
  /** Operators in the order of their channels; default all three, as the paper lists them. */
  readonly operators?: readonly FusionOperator[];
  /** Bins of average and max; default adaptive. Plain needs a map at least as large as the feature. */
  readonly pools?: BinRule;
}

type Resize = (map: tf.Tensor4D, size: [number, number], options: { bins: BinRule }) => tf.Tensor4D;

const RESIZE: Readonly<Record<FusionOperator, Resize>> = {
  average: adaptiveAveragePool,
  max: adaptiveMaxPool,
  bilinear: resizeBilinear,
};

/**
 * Non-local context fusion (NVCF): resizes the attention map Y to the size of the encoder's feature E by adaptive average
 * pooling, adaptive max pooling and bilinear interpolation, and appends the three to E's channels ("Non-local attention
 * learning for medical image classification", ICME 2021; docs/specification.md, section 3.2).
 *
 * Inputs [E, Y] = [[B, h, w, D], [B, H, W, C]] -> [B, h, w, D + 3 C], in the order E, average, max, bilinear. TF.js
 * computes the last input first: Y's branch before the encoder, so that the backward pass reaches it when the encoder's
 * features have been freed.
 *
 * @throws RangeError when an option is not allowed.
 *
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { NonLocalContextFusion } from '@nonlocal-med/nonlocal';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * const encoder = tf.ones([1, 2, 2, 5]);
 * const attended = tf.reshape(tf.range(0, 16), [1, 4, 4, 1]);
 * const fused = new NonLocalContextFusion().apply([encoder, attended]);
 * console.log(fused.shape.join(' x ')); // 1 x 2 x 2 x 8
 * // The first pixel: five channels of the encoder, then mean, maximum and center of its 2 x 2 window.
 * console.log(tf.slice(fused, [0, 0, 0, 4], [1, 1, 1, 4]).dataSync().join(' ')); // 1 2.5 5 2.5
 * ```
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
        `NonLocalContextFusion: operator is '${unknown}'; it must be one of ${FUSION_OPERATORS.join(', ')}.`,
      );
    if (operators.length === 0)
      throw new RangeError(
        `NonLocalContextFusion needs at least one operator of ${FUSION_OPERATORS.join(', ')}.`,
      );
    if (!FUSION_POOLS.includes(pools))
      throw new RangeError(
        `NonLocalContextFusion: pools is '${String(pools)}'; it must be one of ${FUSION_POOLS.join(', ')}.`,
      );
    this.operators = [...operators];
    this.pools = pools;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [feature, map] = inputs as tf.Tensor4D[]; // [B, h, w, D], [B, H, W, C]
    return tf.tidy(() => {
      const [, height, width] = feature.shape;
      const resized = this.operators.map((operator) =>
        RESIZE[operator](map, [height, width], { bins: this.pools }),
      ); // [B, h, w, C] each
      return tf.concat4d([feature, ...resized], 3);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [feature, map] = inputShape as tfl.Shape[];
    const [featureChannels, mapChannels] = [feature[3], map[3]];
    const channels =
      featureChannels === null || mapChannels === null
        ? null
        : featureChannels + this.operators.length * mapChannels;
    return [...feature.slice(0, 3), channels];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), operators: [...this.operators], pools: this.pools };
  }
}
tf.serialization.registerClass(NonLocalContextFusion);
