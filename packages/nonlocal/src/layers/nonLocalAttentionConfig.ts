/** How a pair of positions is weighed (spec 3.1, 4.3). */
export const ATTENTION_MODES = ['softmax', 'gaussian', 'dot', 'concat'] as const;
export type AttentionMode = (typeof ATTENTION_MODES)[number];

/** What is added to the attention map Y: nothing, the input X, or X with Y weighted by a learnt scalar that starts at 0. */
export const ATTENTION_RESIDUALS = ['none', 'add', 'gamma'] as const;
export type AttentionResidual = (typeof ATTENTION_RESIDUALS)[number];

/** Where keys and values are max-pooled 2 x 2: nowhere, before the projections (Wang et al.'s code) or after them. */
export const ATTENTION_SUBSAMPLINGS = ['none', 'input', 'projection'] as const;
export type AttentionSubsampling = (typeof ATTENTION_SUBSAMPLINGS)[number];

/** Options of the layer NonLocalAttention. */
export interface NonLocalAttentionConfig {
  /** softmax (embedded Gaussian; default), gaussian (no theta and phi), dot (divided by the number of keys), concat. */
  readonly mode?: AttentionMode;
  /** Factor on the dot products: 1 (default, as in the paper), another number, or 1/sqrt(inner channels). */
  readonly scale?: number | 'inverse-sqrt';
  readonly residual?: AttentionResidual;
  readonly subSample?: AttentionSubsampling;
  /** Channels of theta and phi; default half the input's, rounded down, at least 1. */
  readonly innerChannels?: number;
  /** Channels of g and so of the output; default the input's. */
  readonly valueChannels?: number;
  /** Queries handled at a time; see `attention`. */
  readonly blockRows?: number;
  /** Seed of the initial weights, which also depend on the layer's name. */
  readonly seed?: number;
}

/** The options with their defaults; throws a RangeError that names the option, its value and what is allowed. */
export function resolveNonLocalAttentionConfig(
  config: NonLocalAttentionConfig,
): NonLocalAttentionConfig & typeof DEFAULTS {
  const resolved = { ...DEFAULTS, ...config };
  oneOf('mode', resolved.mode, ATTENTION_MODES);
  oneOf('residual', resolved.residual, ATTENTION_RESIDUALS);
  oneOf('subSample', resolved.subSample, ATTENTION_SUBSAMPLINGS);
  for (const name of ['innerChannels', 'valueChannels', 'blockRows'] as const) {
    const value = resolved[name];
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw new RangeError(
        `NonLocalAttention: ${name} is ${value}; a whole number of at least 1 is needed.`,
      );
  }
  if (resolved.scale !== 'inverse-sqrt' && !Number.isFinite(resolved.scale)) {
    throw new RangeError(
      `NonLocalAttention: scale is ${String(resolved.scale)}; a number or 'inverse-sqrt' is needed.`,
    );
  }
  if (resolved.mode === 'concat' && resolved.scale !== 1)
    throw new RangeError('NonLocalAttention: mode concat takes no scale.');
  return resolved;
}

const DEFAULTS = {
  mode: 'softmax' as AttentionMode,
  scale: 1 as number | 'inverse-sqrt',
  residual: 'none' as AttentionResidual,
  subSample: 'none' as AttentionSubsampling,
  seed: 0,
};

function oneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new RangeError(
      `NonLocalAttention: ${name} is '${value}'; one of ${allowed.join(', ')} is needed.`,
    );
}
