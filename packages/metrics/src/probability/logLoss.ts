import { scoreSamples } from '../sample/scoredSamples.js';
import { weigh } from '../sample/weighting.js';
import { sampleLogLoss } from './sampleLogLoss.js';
import { weightedMean } from './weightedMean.js';

/**
 * Mean cross-entropy in nats; probabilities are clipped to [2^-52, 1 - 2^-52], so that it stays finite
 * (scikit-learn's `log_loss` on float64).
 *
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @returns null when there are no samples.
 * @throws InputError that lists labels outside the classes, NaN and rows that are no distribution, with their index.
 */
export function logLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): number | null {
  if (labels.length === 0) return null;
  const samples = scoreSamples(labels, probabilities);
  return weightedMean(sampleLogLoss(samples), weigh(samples).weights);
}
