import { scoreSamples } from '../sample/scoredSamples.js';
import { weigh } from '../sample/weighting.js';
import { sampleBrier } from './sampleBrier.js';
import { weightedMean } from './weightedMean.js';

/**
 * Brier score: mean squared distance between probabilities and truth. With two classes from 0 to 1 (one column), with
 * more from 0 to 2 (all columns), as scikit-learn's `brier_score_loss`.
 *
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @returns null when there are no samples.
 * @throws InputError that lists labels outside the classes, NaN and rows that are no distribution, with their index.
 */
export function brierScore(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): number | null {
  if (labels.length === 0) return null;
  const samples = scoreSamples(labels, probabilities);
  return weightedMean(sampleBrier(samples), weigh(samples).weights);
}
