import { weightedMean } from '../confusion/averages.js';
import { type ScoredSamples, scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';

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
  return weightedMean(sampleLogLoss(samples), weightSamples(samples).weights);
}

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
  return weightedMean(sampleBrier(samples), weightSamples(samples).weights);
}

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

/** Each sample's squared distance between its probabilities and its true class; halved when there are two classes. [count] */
export function sampleBrier({ classes, labels, probabilities }: ScoredSamples): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    let sum = 0;
    for (let c = 0; c < classes; c++)
      sum += (probabilities[i * classes + c] - (c === label ? 1 : 0)) ** 2;
    return classes === 2 ? sum / 2 : sum;
  });
}
