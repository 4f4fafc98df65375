import { type ConfusionMatrix, confusionMatrix } from '../confusion/confusionMatrix.js';
import { type PairwiseAreas, pairwiseAreas } from '../ranking/pairwiseAreas.js';
import type { ScoredSamples } from './scoredSamples.js';

/** Samples, each counted `weights[i]` times: once each for the metric itself, as drawn in a bootstrap resample. */
export interface Weighting {
  readonly samples: ScoredSamples;
  readonly weights: Float64Array;
  /** Computed once a weighting, then shared by the metrics that need it. */
  matrix(): ConfusionMatrix;
  /** Computed once a weighting, then shared by the metrics that need it. */
  areas(): PairwiseAreas;
}

/** Weighs samples; without weights each counts once. */
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

/**
 * A metric in two steps: what depends on the samples alone (sorting, losses) is done once, then every weighting of them
 * is a number, or null where the metric is not defined.
 */
export type Metric = (samples: ScoredSamples) => (weighting: Weighting) => number | null;
