import type {
  AttentionMode,
  AttentionResidual,
  AttentionSubsampling,
  FusionOperator,
} from '@nonlocal-med/nonlocal';

/** What a model is made from. Which options a model has, and their defaults, says `modelOptions(name)`. */
export interface ModelOptions {
  readonly classes: number;
  /** Pixels: one number for a square, or [height, width]. Without it the model takes any size. */
  readonly inputSize?: number | readonly [height: number, width: number];
  /** Seed of the initial weights; 0 by default. */
  readonly seed?: number;
  /** Appends a softmax. */
  readonly probabilities?: boolean;
  /** What brings the last feature map to the classifier. */
  readonly head?: 'gap' | 'flatten';

  /** ShuffleNetV2's width. */
  readonly width?: 0.5 | 1 | 1.5 | 2;

  /** Where the attention module reads: before the pooling, after it, or behind an encoder. */
  readonly namAt?: 'conv1' | 'stem' | 'e1' | 'e2' | 'e3' | 'e4';
  /** What counts as encoders 1 to 4 (spec 2.5). */
  readonly taps?: 'layers' | 'stem' | 'conv5';
  readonly mode?: AttentionMode;
  readonly scale?: 1 | 'inverse-sqrt';
  readonly residual?: AttentionResidual;
  readonly subSample?: AttentionSubsampling;
  readonly seriesMode?: 'add' | 'replace';
  readonly fusion?: readonly FusionOperator[];
  /** Bins of the fusion's poolings. */
  readonly pools?: 'adaptive' | 'plain';

  /** SE and CBAM: C / reduction hidden units. */
  readonly reduction?: number;
  readonly useBias?: boolean;

  /** Non-local block: how a pair of positions is weighed. */
  readonly pairwise?: 'gaussian' | 'embedded' | 'dot' | 'concat';
  readonly placement?: readonly string[];
  readonly batchNorm?: boolean;

  readonly ccnet?: 'head' | 'inline';
  readonly recurrence?: number;
  readonly dropout?: number;
}

/** Options after the gate: defaults filled in, sizes as pairs. */
export type ResolvedModelOptions = Omit<Required<ModelOptions>, 'inputSize'> & {
  readonly inputSize?: readonly [height: number, width: number];
};
