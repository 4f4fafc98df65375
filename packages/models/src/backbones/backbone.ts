import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ResolvedModelOptions } from '../modelOptions.js';

/** The feature maps of a backbone for an image [B, H, W, 3]. */
export interface FeatureMaps {
  /** Before the first pooling, [B, H/2, W/2, C]. */
  readonly conv1: SymbolicTensor;
  /** After the first pooling, [B, H/4, W/4, C]. */
  readonly stem: SymbolicTensor;
  /** Encoders 1 to 4 of the paper (docs/specification.md, section 2.5); the layers that end them have these names. */
  readonly e1: SymbolicTensor;
  readonly e2: SymbolicTensor;
  readonly e3: SymbolicTensor;
  readonly e4: SymbolicTensor;
  /** The last map: the one that torchvision's network classifies, or `e4` where the backbone ends there. */
  readonly last: SymbolicTensor;
}

/** Options of a backbone. */
export interface BackboneOptions {
  /** Seed of the initial weights; `null` leaves them zero, to be loaded later. */
  readonly seed: number | null;
  /** Width of ShuffleNetV2. */
  readonly width?: ResolvedModelOptions['width'];
  /** Which maps are encoders 1 to 4. */
  readonly encoderStages?: ResolvedModelOptions['encoderStages'];
  /** `e4`: nothing after encoder 4 is built, so that no weights are allocated that no output depends on. */
  readonly until?: 'e4';
  /** Applied to every residual branch (of ResNet18) before it is added to its shortcut. */
  readonly gate?: (branch: SymbolicTensor, block: string) => SymbolicTensor;
  /**
   * Applied to `conv1`, `stem` and the output of every block; the result is used in place of the map.
   * @param names torchvision's name of the block, e.g. `layer2.1`, and where the map is an encoder's, `e1` to `e4`
   */
  readonly replace?: (map: SymbolicTensor, names: readonly string[]) => SymbolicTensor;
}

/** A torchvision network without its classifier. */
export type Backbone = (image: SymbolicTensor, options: BackboneOptions) => FeatureMaps;

/** Options of a model while it is built. */
export type BuildOptions = Omit<ResolvedModelOptions, 'seed'> &
  Pick<BackboneOptions, 'seed'> & { readonly backbone: Backbone };
