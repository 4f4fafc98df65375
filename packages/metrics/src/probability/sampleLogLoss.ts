import type { ScoredSamples } from '../sample/scoredSamples.js';

/** -log of each sample's probability of its true class, clipped to [2^-52, 1 - 2^-52] as scikit-learn does; [count]. */
export function sampleLogLoss({ classes, labels, probabilities }: ScoredSamples): Float64Array {
  return Float64Array.from(
    labels,
    (label, i) =>
      -Math.log(
        Math.min(Math.max(probabilities[i * classes + label], Number.EPSILON), 1 - Number.EPSILON),
      ),
  );
}
