import type { Reader } from './readers.js';

/** What a file of predictions says about the test images of a run. */
export interface ExternalPart {
  readonly path: string;
  /** Record of each image, by its index in the run. */
  readonly rows: ReadonlyMap<number, number>;
  /** Names of images that are not among those of the run. */
  readonly additional: readonly string[];
  /** [images of the run, classes or findings]; absent for decisions. */
  readonly probabilities?: Float64Array;
  /** The readers whose decisions it has: one value per image, or per finding of an image. */
  readonly readers: readonly Reader[];
  /** How it was understood, one sentence each. */
  readonly notes: readonly string[];
}
