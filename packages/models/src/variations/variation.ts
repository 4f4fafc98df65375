import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Gate } from '../backbones/backbone.js';
import type { InitialRule } from '../layers/initialRule.js';
import type { ResolvedModelOptions } from '../options/modelOptions.js';
import type { OptionSpecs } from '../options/optionSpec.js';

/** What a variation knows while its model is built. */
export interface VariationContext {
  readonly options: ResolvedModelOptions;
  /** Seed of the initial weights; null leaves them zero, for a caller that fills them. */
  readonly seed: number | null;
  /** Positions of encoders 1 to 4. */
  readonly encoders: readonly string[];
  /** Position of the map that the attention module reads. */
  readonly attentionPosition: string;
}

/** Where a variation steps into its backbone. Everything left out is the plain network. */
export interface VariationHooks {
  readonly gate?: Gate;
  /** What flows on after a position, in place of x. */
  readonly after?: (position: string, x: SymbolicTensor) => SymbolicTensor;
  /** The backbone ends here. */
  readonly lastPosition?: string;
  /** From the backbone's last map to the one that is classified. */
  readonly fuse?: (x: SymbolicTensor) => SymbolicTensor;
  /** From the last map to the logits, in place of pooling and `fc`. */
  readonly classify?: (x: SymbolicTensor) => SymbolicTensor;
  /** Starts of weights that other packages' layers begin differently: rules for `*.weight` and `*.bias` of a layer. */
  readonly initial?: ReadonlyMap<
    string,
    { readonly weight: InitialRule; readonly bias: InitialRule }
  >;
}

/** One way to extend a backbone: its options and its lines. */
export interface Variation {
  readonly description: string;
  readonly options: OptionSpecs;
  readonly hooks: (context: VariationContext) => VariationHooks;
}
