import { type ConfusionMatrix, confusionMatrix } from '../confusion/confusionMatrix.js';
import { type PairwiseAreas, pairwiseAreas } from '../ranking/pairwiseAreas.js';
import type { ScoredSamples } from './scoredSamples.js';

/**
 * A metric in two steps: what depends on the samples alone (sorting, losses) is computed once; every weighting of them
 * then gives a number, or null where the metric is not defined.
 */
export type Metric = (samples: ScoredSamples) => (weighting: Weighting) => number | null;

/** Samples that each count `weights[i]` times: once for the metric itself, as often as sampled in a bootstrap resample. */
export interface Weighting {
  readonly samples: ScoredSamples;
  /** [count] */
  readonly weights: Float64Array;
  /** Computed once per weighting, then shared by the metrics that need it. */
  matrix(): ConfusionMatrix;
  /** Computed once per weighting, then shared by the metrics that need it. */
  areas(): PairwiseAreas;
}

/** Weights samples; by default each counts once. */
export function weightSamples(
  samples: ScoredSamples,
  weights: Float64Array = new Float64Array(samples.count).fill(1),
): Weighting {
  let matrix: ConfusionMatrix | undefined;
  let areas: PairwiseAreas | undefined;
  return {
    samples,
    weights,
    matrix: () =>
      (matrix ??= confusionMatrix(samples.labels, samples.predicted, {
        classes: samples.classes,
        weights,
      })),
    areas: () => (areas ??= pairwiseAreas(samples, weights)),
  };
}
