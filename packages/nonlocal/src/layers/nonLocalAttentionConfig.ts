import type { InitialRule } from '@nonlocal-med/tensor';

/** How a pair of positions is compared (docs/specification.md, sections 3.1 and 4.3). */
export const ATTENTION_MODES = ['softmax', 'gaussian', 'dot', 'concat'] as const;
/** One of {@link ATTENTION_MODES}. */
export type AttentionMode = (typeof ATTENTION_MODES)[number];

/** What is added to the attention map Y: nothing, the input X, or X with Y times a learned scalar that starts at 0. */
export const ATTENTION_RESIDUALS = ['none', 'add', 'gamma'] as const;
export type AttentionResidual = (typeof ATTENTION_RESIDUALS)[number];

/** Where keys and values are max-pooled 2 x 2: nowhere, before the projections (Wang et al.'s code) or after them. */
export const ATTENTION_SUBSAMPLINGS = ['none', 'input', 'projection'] as const;
export type AttentionSubsampling = (typeof ATTENTION_SUBSAMPLINGS)[number];

/** Options of the layer `NonLocalAttention`. */
export interface NonLocalAttentionConfig {
  /** softmax (embedded Gaussian; default), gaussian (no theta and phi), dot (divided by the number of keys), concat. */
  readonly mode?: AttentionMode;
  /** Factor on the dot products: 1 (default, as in the paper), another number, or 1/sqrt(inner channels). */
  readonly scale?: number | 'inverse-sqrt';
  /** Default none, as in the paper. */
  readonly residual?: AttentionResidual;
  /** Default none, as in the paper. */
  readonly subSample?: AttentionSubsampling;
  /** Channels of theta and phi; default half of the input's, rounded down, at least 1. */
  readonly innerChannels?: number;
  /** Channels of g and thus of the output; default the input's. */
  readonly valueChannels?: number;
  /** Query rows per block; see `attention`. */
  readonly blockRows?: number;
  /** Seed of the initial weights, which also depend on the layer's name. `null` leaves them zero, to be loaded later. */
  readonly seed?: number | null;
  /** Initial kernels; default PyTorch's uniform. */
  readonly initial?: InitialRule;
  /** Initial biases; default PyTorch's uniform. */
  readonly initialBias?: InitialRule;
}

/** The options of the attention with their defaults. */
export type ResolvedAttentionConfig = Omit<NonLocalAttentionConfig, 'seed'> &
  Required<Pick<NonLocalAttentionConfig, keyof typeof DEFAULTS>>;

const DEFAULTS = { mode: 'softmax', scale: 1, residual: 'none', subSample: 'none' } as const;

/** Names of the options other than `seed`, which every seeded layer has. */
const OPTIONS = [
  'mode',
  'scale',
  'residual',
  'subSample',
  'innerChannels',
  'valueChannels',
  'blockRows',
  'initial',
  'initialBias',
] as const satisfies readonly (keyof NonLocalAttentionConfig)[];

/**
 * The options of the attention with their defaults; those of every layer (`name`, `seed`, ...) are left out.
 * @throws RangeError that names the option, its value and what is allowed.
 */
export function resolveNonLocalAttentionConfig(
  config: NonLocalAttentionConfig,
): ResolvedAttentionConfig {
  const given = OPTIONS.filter((name) => config[name] !== undefined);
  const resolved: ResolvedAttentionConfig = {
    ...DEFAULTS,
    ...Object.fromEntries(given.map((name) => [name, config[name]])),
  };
  requireOneOf('mode', resolved.mode, ATTENTION_MODES);
  requireOneOf('residual', resolved.residual, ATTENTION_RESIDUALS);
  requireOneOf('subSample', resolved.subSample, ATTENTION_SUBSAMPLINGS);
  for (const name of ['innerChannels', 'valueChannels', 'blockRows'] as const) {
    const value = resolved[name];
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw new RangeError(
        `NonLocalAttention: ${name} is ${value}; it must be a positive integer.`,
      );
  }
  if (resolved.scale !== 'inverse-sqrt' && !Number.isFinite(resolved.scale))
    throw new RangeError(
      `NonLocalAttention: scale is ${String(resolved.scale)}; it must be a number or 'inverse-sqrt'.`,
    );
  if (resolved.mode === 'concat' && resolved.scale !== 1)
    throw new RangeError("NonLocalAttention: scale has no effect in mode 'concat'; leave it out.");
  return resolved;
}

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new RangeError(
      `NonLocalAttention: ${name} is '${value}'; it must be one of ${allowed.join(', ')}.`,
    );
}
