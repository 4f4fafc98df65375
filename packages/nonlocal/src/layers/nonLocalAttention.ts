import { linear, maxPool } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { attention } from '../attention.js';
import { attentionMap } from '../attentionMap.js';
import { concatenationAttention } from '../concatenationAttention.js';
import { dotProductAttention } from '../dotProductAttention.js';
import {
  type NonLocalAttentionConfig,
  resolveNonLocalAttentionConfig,
} from './nonLocalAttentionConfig.js';
import { uniformInitializer } from './uniformInitializer.js';

interface Projection {
  readonly weight: tfl.LayerVariable;
  readonly bias?: tfl.LayerVariable;
}

type LayerConfig = ConstructorParameters<typeof tfl.layers.Layer>[0];

/**
 * Non-local attention module (NAM): every pixel becomes a weighted mean of g over all pixels, at the map's full
 * resolution, with theta, phi and g 1x1 convolutions ("Non-local attention learning for medical image classification",
 * ICME 2021; spec 3.1). The default is the paper's: softmax of theta_i phi_j over j, no scale, no residual, g keeps C.
 *
 * [B, H, W, C] -> [B, H, W, C] (valueChannels in place of C where given). Memory grows with H W, not with its square.
 * Weights: theta.weight [1, 1, C, inner], theta.bias, phi.*, g.*; concat.weight [1, 1, 2 inner, 1] in mode concat; gamma
 * [1] with residual gamma.
 */
export class NonLocalAttention extends tfl.layers.Layer {
  static className = 'NonLocalAttention';

  private readonly config: ReturnType<typeof resolveNonLocalAttentionConfig>;
  private projections: Partial<Record<'theta' | 'phi' | 'g' | 'concat', Projection>> = {};
  private gamma?: tfl.LayerVariable;

  constructor(config: NonLocalAttentionConfig & LayerConfig = {}) {
    super(config);
    const { mode, scale, residual, subSample, innerChannels, valueChannels, blockRows, seed } =
      config;
    this.config = resolveNonLocalAttentionConfig(
      definedOnly({
        mode,
        scale,
        residual,
        subSample,
        innerChannels,
        valueChannels,
        blockRows,
        seed,
      }),
    );
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { channels, inner, values } = this.widths(inputShape);
    const { mode, residual } = this.config;
    if (mode !== 'gaussian') {
      this.addProjection('theta', { channels, filters: inner });
      this.addProjection('phi', { channels, filters: inner });
    }
    this.addProjection('g', { channels, filters: values });
    if (mode === 'concat')
      this.addProjection('concat', { channels: 2 * inner, filters: 1, bias: false });
    if (residual !== 'none' && values !== channels) {
      throw new RangeError(
        `NonLocalAttention: a residual needs as many value channels (${values}) as input channels (${channels}).`,
      );
    }
    if (residual === 'gamma')
      this.gamma = this.addWeight('gamma', [1], 'float32', tfl.initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      const attended = this.attend(x);
      if (this.config.residual === 'none') return attended;
      return tf.add(x, this.gamma === undefined ? attended : tf.mul(attended, this.gamma.read()));
    });
  }

  /**
   * Where one pixel of each image looks, for pictures; softmax and Gaussian modes.
   *
   * @param x [B, H, W, C], what the layer would be called with
   * @returns [B, h, w], each image summing to 1; h, w are H, W, or half of them with sub-sampling
   */
  attentionMap(x: tf.Tensor4D, { row, column }: { row: number; column: number }): tf.Tensor3D {
    const [, height, width] = x.shape;
    if (!(row >= 0 && row < height && column >= 0 && column < width))
      throw new RangeError(
        `NonLocalAttention: pixel (${row}, ${column}) is outside ${height} x ${width}.`,
      );
    if (this.config.mode !== 'softmax' && this.config.mode !== 'gaussian')
      throw new RangeError(`NonLocalAttention: mode ${this.config.mode} has no attention weights.`);
    return tf.tidy(() => {
      const { queries, keys } = this.queriesAndKeys(x);
      const weights = attentionMap(positions(queries), positions(keys), {
        position: row * width + column,
        scale: this.scaleFor(queries),
      });
      return tf.reshape(weights, keys.shape.slice(0, 3) as [number, number, number]);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const shape = singleShape(inputShape);
    return [...shape.slice(0, 3), this.config.valueChannels ?? shape[3]];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...definedOnly({ ...this.config }) };
  }

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
        return concatenationAttention(
          linearOver(q, forQueries) as tf.Tensor3D,
          linearOver(k, forKeys) as tf.Tensor3D,
          v,
          { blockRows },
        );
      }
    }
  }

  /** theta and phi of x (x itself in Gaussian mode), and the map that keys and values are made from. */
  private queriesAndKeys(x: tf.Tensor4D): {
    queries: tf.Tensor4D;
    keys: tf.Tensor4D;
    source: tf.Tensor4D;
  } {
    const source = this.config.subSample === 'input' ? halve(x) : x;
    const embedded = this.config.mode !== 'gaussian';
    const keys = embedded
      ? this.pooledProjection('phi', source)
      : this.config.subSample === 'projection'
        ? halve(source)
        : source;
    return { queries: embedded ? this.project('theta', x) : x, keys, source };
  }

  private pooledProjection(name: 'phi' | 'g', source: tf.Tensor4D): tf.Tensor4D {
    const projected = this.project(name, source);
    return this.config.subSample === 'projection' ? halve(projected) : projected;
  }

  private project(name: 'theta' | 'phi' | 'g', x: tf.Tensor4D): tf.Tensor4D {
    const { weight, bias } = this.projection(name);
    return linearOver(x, weight.read(), bias?.read()) as tf.Tensor4D;
  }

  private projection(name: 'theta' | 'phi' | 'g' | 'concat'): Projection {
    const projection = this.projections[name];
    if (projection === undefined)
      throw new Error(
        `NonLocalAttention '${this.name}' has no ${name} in mode ${this.config.mode}, or was not built.`,
      );
    return projection;
  }

  private scaleFor(queries: tf.Tensor): number {
    const { scale } = this.config;
    return scale === 'inverse-sqrt' ? 1 / Math.sqrt(queries.shape[queries.rank - 1]) : scale;
  }

  private widths(inputShape: tfl.Shape | tfl.Shape[]): {
    channels: number;
    inner: number;
    values: number;
  } {
    const shape = singleShape(inputShape);
    const channels = shape[3];
    if (shape.length !== 4 || channels === null)
      throw new RangeError(
        `NonLocalAttention takes [batch, height, width, channels], got [${shape.join(', ')}].`,
      );
    const inner =
      this.config.mode === 'gaussian'
        ? channels
        : (this.config.innerChannels ?? Math.max(1, Math.floor(channels / 2)));
    return { channels, inner, values: this.config.valueChannels ?? channels };
  }

  private addProjection(
    name: 'theta' | 'phi' | 'g' | 'concat',
    { channels, filters, bias = true }: { channels: number; filters: number; bias?: boolean },
  ): void {
    const initializer = (part: string): ReturnType<typeof uniformInitializer> =>
      uniformInitializer(channels, [this.config.seed, this.name, `${name}.${part}`]);
    const weight = this.addWeight(
      `${name}.weight`,
      [1, 1, channels, filters],
      'float32',
      initializer('weight'),
    );
    this.projections[name] = bias
      ? { weight, bias: this.addWeight(`${name}.bias`, [filters], 'float32', initializer('bias')) }
      : { weight };
  }
}
tf.serialization.registerClass(NonLocalAttention);

/** Applies a 1x1 convolution kernel [1, 1, in, out] to the last axis of x. */
function linearOver(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const [, , channels, filters] = kernel.shape;
  const flat = tf.reshape<tf.Rank.R2>(x, [-1, channels]);
  return tf.reshape(
    linear(flat, tf.reshape(kernel, [channels, filters]), bias as tf.Tensor1D | undefined),
    [...x.shape.slice(0, -1), filters],
  );
}

/** [B, H, W, C] -> [B, HW, C] */
function positions(map: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width, channels] = map.shape;
  return tf.reshape(map, [batch, height * width, channels]);
}

/** 2x2 maximum with stride 2; an odd last row or column is dropped, as in PyTorch. */
function halve(map: tf.Tensor4D): tf.Tensor4D {
  return maxPool(map, { size: 2 });
}

function singleInput(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor4D {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
}

function singleShape(shape: tfl.Shape | tfl.Shape[]): tfl.Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as tfl.Shape;
}

function definedOnly<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
