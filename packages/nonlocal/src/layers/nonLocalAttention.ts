import {
  channelsOf,
  SeededLayer,
  type SeededLayerConfig,
  singleInput,
  singleShape,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { attention } from '../attention.js';
import { attentionEntropy } from '../attentionEntropy.js';
import { attentionMap } from '../attentionMap.js';
import { attentionReceived, attentionSource } from '../attentionSource.js';
import { concatenationAttention, dotProductAttention } from '../pairwiseAttention.js';
import { attentionOperations } from './attentionOperations.js';
import {
  type NonLocalAttentionConfig,
  type ResolvedAttentionConfig,
  resolveNonLocalAttentionConfig,
} from './nonLocalAttentionConfig.js';
import { convolve, halve, positions, type Projection } from './projection.js';

type ProjectionName = 'theta' | 'phi' | 'g' | 'concat';

/**
 * Non-local attention module (NAM): every pixel becomes a weighted mean of g over all pixels, at the map's full
 * resolution, with theta, phi and g 1x1 convolutions ("Non-local attention learning for medical image classification",
 * ICME 2021; docs/specification.md, section 3.1). The default is the paper's: softmax of theta_i phi_j over j, no scale,
 * no residual, g keeps C.
 *
 * [B, H, W, C] -> [B, H, W, C] (valueChannels in place of C where given). Memory grows with H W, not with its square.
 * Weights: theta.weight [1, 1, C, inner], theta.bias [inner]; the same of phi; g.weight [1, 1, C, C], g.bias [C];
 * concat.weight [1, 1, 2 inner, 1] in mode concat; gamma [1] with residual gamma.
 *
 * @throws RangeError when an option is not allowed or the input is not a map.
 *
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { NonLocalAttention } from '@nonlocal-med/nonlocal';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as tfl from '@tensorflow/tfjs-layers';
 *
 * await useEngine({ backend: 'wasm' });
 * const nam = new NonLocalAttention({ name: 'nam', seed: 1 });
 * const model = tfl.sequential({ layers: [tfl.layers.inputLayer({ inputShape: [16, 16, 8] }), nam] });
 * console.log(model.outputs[0].shape.slice(1).join(' x ')); // 16 x 16 x 8
 * console.log(model.countParams()); // 144
 *
 * // The weights of all pixels for the output at one pixel sum to 1.
 * const map = nam.attentionMap(tf.randomNormal([1, 16, 16, 8]), { row: 3, column: 5 });
 * console.log(tf.sum(map).dataSync()[0].toFixed(3)); // 1.000
 * ```
 */
export class NonLocalAttention extends SeededLayer {
  static className = 'NonLocalAttention';

  private readonly config: ResolvedAttentionConfig;
  private readonly projections = new Map<ProjectionName, Projection>();
  private gamma?: tfl.LayerVariable;

  constructor(config: NonLocalAttentionConfig & SeededLayerConfig = {}) {
    super(config);
    this.config = resolveNonLocalAttentionConfig(config);
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const shape = singleShape(inputShape);
    if (shape.length !== 4)
      throw new RangeError(
        `NonLocalAttention takes [batch, height, width, channels], got [${shape.join(', ')}].`,
      );
    const { mode, residual } = this.config;
    const { channels, inner, values } = this.widths(shape);
    if (residual !== 'none' && values !== channels)
      throw new RangeError(
        `NonLocalAttention: a residual needs as many value channels (${values}) as input channels (${channels}).`,
      );
    if (mode !== 'gaussian') {
      this.addProjection('theta', { channels, filters: inner });
      this.addProjection('phi', { channels, filters: inner });
    }
    this.addProjection('g', { channels, filters: values });
    if (mode === 'concat')
      this.addProjection('concat', { channels: 2 * inner, filters: 1, useBias: false });
    if (residual === 'gamma') this.gamma = this.addSeededWeight('gamma', [1], { initial: 0 });
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      const y = this.attend(x);
      if (this.config.residual === 'none') return y;
      return tf.add(x, this.gamma === undefined ? y : tf.mul(y, this.gamma.read()));
    });
  }

  /**
   * The attention weights of one pixel of each image, for visualization; modes softmax and gaussian.
   *
   * @param x [B, H, W, C], the layer's input
   * @returns [B, h, w], each image summing to 1; h, w are H, W, or half of them with sub-sampling
   * @throws RangeError when the pixel is outside the map or the mode has no attention weights.
   */
  attentionMap(x: tf.Tensor4D, { row, column }: { row: number; column: number }): tf.Tensor3D {
    const [, height, width] = x.shape;
    if (!(row >= 0 && row < height && column >= 0 && column < width))
      throw new RangeError(
        `NonLocalAttention: pixel (${row}, ${column}) is outside ${height} x ${width}.`,
      );
    this.requireWeights();
    return tf.tidy(() => {
      const { queries, keys } = this.queriesAndKeys(x);
      const weights = attentionMap(positions(queries), positions(keys), {
        position: row * width + column,
        scale: this.scaleFor(queries),
      });
      return tf.reshape(weights, keys.shape.slice(0, 3) as [number, number, number]);
    });
  }

  /**
   * Where the output comes from: the part of a score that each key position contributes through its value, in every mode
   * (`attentionSource`). What the positions contribute to the weights, and through a residual, is not part of it.
   *
   * @param x [B, H, W, C], the layer's input
   * @param gradient of the score with respect to the layer's output, [B, H, W, values]
   * @returns [B, h, w], positive where a position speaks for the score; h, w are H, W, or half of them with sub-sampling
   */
  attentionSource(x: tf.Tensor4D, gradient: tf.Tensor4D): tf.Tensor3D {
    return tf.tidy(() => {
      const { queries, keys, source } = this.queriesAndKeys(x);
      const [q, k] = [positions(queries), positions(keys)];
      const dY = this.gamma === undefined ? gradient : tf.mul(gradient, this.gamma.read());
      const contributions = attentionSource((values) => this.pairwise(q, k, values), {
        values: positions(this.pooledProjection('g', source)),
        gradient: positions(dY as tf.Tensor4D),
      });
      return tf.reshape(contributions, keys.shape.slice(0, 3) as [number, number, number]);
    });
  }

  /**
   * How much attention each key position receives, as a mean over all queries; modes softmax and gaussian.
   *
   * @param x [B, H, W, C], the layer's input
   * @returns [B, h, w], each image summing to 1; h, w are H, W, or half of them with sub-sampling
   * @throws RangeError when the mode has no attention weights.
   */
  attentionReceived(x: tf.Tensor4D): tf.Tensor3D {
    this.requireWeights();
    return tf.tidy(() => {
      const { queries, keys } = this.queriesAndKeys(x);
      const [q, k] = [positions(queries), positions(keys)];
      const received = attentionReceived((values) => this.pairwise(q, k, values), {
        queries: q.shape[1],
        keys: k,
      });
      return tf.reshape(received, keys.shape.slice(0, 3) as [number, number, number]);
    });
  }

  /**
   * How widely each pixel of x [B, H, W, C] attends (`attentionEntropy`), in nats, [B, H, W]; modes softmax and gaussian.
   * @throws RangeError when the mode has no attention weights.
   */
  attentionEntropy(x: tf.Tensor4D): tf.Tensor3D {
    this.requireWeights();
    return tf.tidy(() => {
      const { queries, keys } = this.queriesAndKeys(x);
      const entropy = attentionEntropy(positions(queries), positions(keys), {
        scale: this.scaleFor(queries),
        blockRows: this.config.blockRows,
      });
      return tf.reshape(entropy, x.shape.slice(0, 3) as [number, number, number]);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const shape = singleShape(inputShape);
    return [...shape.slice(0, 3), this.config.valueChannels ?? shape[3]];
  }

  /** Multiply-adds per image. */
  operations(inputShape: tfl.Shape): number {
    const [, height, width] = inputShape as number[];
    return attentionOperations(this.config, { height, width, ...this.widths(inputShape) });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.config };
  }

  private requireWeights(): void {
    if (this.config.mode !== 'softmax' && this.config.mode !== 'gaussian')
      throw new RangeError(
        `NonLocalAttention: mode '${this.config.mode}' has no attention weights.`,
      );
  }

  /** Y of the paper: [B, H, W, C] -> [B, H, W, values]. */
  private attend(x: tf.Tensor4D): tf.Tensor4D {
    const [batch, height, width] = x.shape;
    const { queries, keys, source } = this.queriesAndKeys(x);
    const values = this.pooledProjection('g', source);
    const q = positions(queries); // [B, HW, inner]
    const k = positions(keys); // [B, hw, inner]
    const v = positions(values); // [B, hw, values]
    return tf.reshape(this.pairwise(q, k, v), [batch, height, width, v.shape[2]]);
  }

  private pairwise(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor3D {
    const { mode, blockRows } = this.config;
    switch (mode) {
      case 'softmax':
      case 'gaussian':
        return attention(q, k, v, { blockRows, scale: this.scaleFor(q) });
      case 'dot':
        return dotProductAttention(q, k, v, { scale: this.scaleFor(q) });
      case 'concat': {
        const [forQueries, forKeys] = tf.split(this.projection('concat').weight.read(), 2, 2); // [1, 1, inner, 1] each
        const [a, b] = [convolve(q, forQueries), convolve(k, forKeys)]; // [B, HW, 1], [B, hw, 1]
        return concatenationAttention(a, b, v, { blockRows });
      }
    }
  }

  /** theta and phi of x (x itself in mode gaussian), and the map that keys and values are computed from. */
  private queriesAndKeys(x: tf.Tensor4D): {
    queries: tf.Tensor4D;
    keys: tf.Tensor4D;
    source: tf.Tensor4D;
  } {
    const { mode, subSample } = this.config;
    const source = subSample === 'input' ? halve(x) : x;
    if (mode === 'gaussian')
      return { queries: x, keys: subSample === 'projection' ? halve(source) : source, source };
    return {
      queries: this.project('theta', x),
      keys: this.pooledProjection('phi', source),
      source,
    };
  }

  private pooledProjection(name: 'phi' | 'g', source: tf.Tensor4D): tf.Tensor4D {
    const projected = this.project(name, source);
    return this.config.subSample === 'projection' ? halve(projected) : projected;
  }

  private project(name: ProjectionName, x: tf.Tensor4D): tf.Tensor4D {
    const { weight, bias } = this.projection(name);
    return convolve(x, weight.read(), bias?.read());
  }

  private projection(name: ProjectionName): Projection {
    const projection = this.projections.get(name);
    if (projection === undefined)
      throw new Error(
        `NonLocalAttention '${this.name}' has no ${name} in mode '${this.config.mode}', or has not been built.`,
      );
    return projection;
  }

  private scaleFor(queries: tf.Tensor): number {
    const { scale } = this.config;
    return scale === 'inverse-sqrt' ? 1 / Math.sqrt(queries.shape[queries.rank - 1]) : scale;
  }

  private widths(shape: tfl.Shape): { channels: number; inner: number; values: number } {
    const { mode, innerChannels, valueChannels } = this.config;
    const channels = channelsOf(shape);
    const half = Math.max(1, Math.floor(channels / 2));
    return {
      channels,
      inner: mode === 'gaussian' ? channels : (innerChannels ?? half),
      values: valueChannels ?? channels,
    };
  }

  private addProjection(
    name: ProjectionName,
    { channels, filters, useBias = true }: { channels: number; filters: number; useBias?: boolean },
  ): void {
    const add = (part: 'weight' | 'bias', shape: number[]): tfl.LayerVariable => {
      const initial = part === 'weight' ? this.config.initial : this.config.initialBias;
      return this.addSeededWeight(`${name}.${part}`, shape, {
        initial: initial ?? 'torch-uniform',
        fanIn: channels,
        // Fixed names: with other streams, the same seed would give other weights.
        stream: initial === undefined ? [this.name, `${name}.${part}`] : undefined,
      });
    };
    const weight = add('weight', [1, 1, channels, filters]);
    this.projections.set(name, useBias ? { weight, bias: add('bias', [filters]) } : { weight });
  }
}
tf.serialization.registerClass(NonLocalAttention);
