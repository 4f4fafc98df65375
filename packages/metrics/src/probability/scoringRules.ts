import { weightedMean } from '../confusion/averages.js';
import { type ScoredSamples, scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';

/**
 * Mean cross-entropy in nats. Probabilities are clipped to [2^-52, 1 - 2^-52] so that it stays finite (scikit-learn's
 * `log_loss` on float64).
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @returns null when there are no samples
 * @throws RangeError when the lengths do not match
 * @throws InputError that lists labels that are not class indices and rows that are not distributions, with their index
 */
export function logLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): number | null {
  return meanLoss(labels, probabilities, sampleLogLoss);
}

/**
 * Brier score: mean squared distance between probabilities and truth; from 0 to 1 with two classes (one column), from 0
 * to 2 with more (all columns), as scikit-learn's `brier_score_loss`.
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @returns null when there are no samples
 * @throws RangeError when the lengths do not match
 * @throws InputError that lists labels that are not class indices and rows that are not distributions, with their index
 */
export function brierScore(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): number | null {
  return meanLoss(labels, probabilities, sampleBrier);
}

function meanLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  losses: (samples: ScoredSamples) => Float64Array,
): number | null {
  if (labels.length === 0) return null;
  const samples = scoreSamples(labels, probabilities);
  return weightedMean(losses(samples), weightSamples(samples).weights);
}

/** Cross-entropy of each sample, [count]. */
export function sampleLogLoss({ classes, labels, probabilities }: ScoredSamples): Float64Array {
  return Float64Array.from(
    labels,
    (label, i) =>
      -Math.log(
        Math.min(Math.max(probabilities[i * classes + label], Number.EPSILON), 1 - Number.EPSILON),
      ),
  );
}

/** Squared distance of each sample's probabilities from its true class, halved with two classes, [count]. */
export function sampleBrier({ classes, labels, probabilities }: ScoredSamples): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    let sum = 0;
    for (let c = 0; c < classes; c++)
      sum += (probabilities[i * classes + c] - (c === label ? 1 : 0)) ** 2;
    return classes === 2 ? sum / 2 : sum;
  });
}
