import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ModelOptions } from '../options/modelOptions.js';
import type { OptionSpecs } from '../options/optionSpec.js';
import type { Step } from './step.js';

/** Acts on a residual branch before it is added to its shortcut. */
export type Gate = (x: SymbolicTensor, block: string) => SymbolicTensor;

export interface StepOptions {
  readonly seed: number | null;
  readonly width: number;
  /** Name of the layer at a position's end, where it has no weights of its own to name it. */
  readonly endName: (position: string) => string;
  readonly gate?: Gate;
}

/** A torchvision network as the list of its steps; the classifier is not part of it. */
export interface Backbone {
  readonly description: string;
  readonly options: OptionSpecs;
  /** Readings of "encoder" that this network has. */
  readonly taps: readonly NonNullable<ModelOptions['taps']>[];
  readonly steps: (options: StepOptions) => Step[];
  /** The positions that a dual-branch model takes as encoders 1 to 4 (spec 2.5). */
  readonly encoders: (
    taps: NonNullable<ModelOptions['taps']>,
  ) => readonly [string, string, string, string];
}
