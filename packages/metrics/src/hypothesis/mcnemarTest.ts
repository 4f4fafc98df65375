import { throwIssues } from '@nonlocal-med/core';
import { binomialCdf, binomialProbability } from '../distributions/binomial.js';
import { checkLength, requireArrays } from '../input/checkArguments.js';

/** Two classifiers' correct predictions on the same samples, compared. */
export interface McNemarResult {
  /** Samples that only A predicts correctly, and only B. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** Accuracy of A minus that of B; null without samples. */
  readonly difference: number | null;
  /** Two-sided, from the binomial distribution of the discordant samples: never too small, often too large. */
  readonly exactPValue: number;
  /** Two-sided mid-p (Fagerland, Lydersen and Laake 2013), the better choice at every sample size; 1 without discordant samples. */
  readonly midPValue: number;
}

/**
 * McNemar's test of two classifiers' accuracies on the same samples.
 * @param labels true classes, [count]
 * @param predictedA classes predicted by the first model, [count]
 * @param predictedB classes predicted by the second model, [count]
 * @throws RangeError when lengths differ
 * @throws InputError that lists labels that are NaN or below 0 (not known), with their index
 */
export function mcnemarTest(
  labels: ArrayLike<number>,
  predictedA: ArrayLike<number>,
  predictedB: ArrayLike<number>,
): McNemarResult {
  requireArrays('mcnemarTest(labels, predictedA, predictedB)', { labels, predictedA, predictedB });
  checkLength('predictedA', predictedA.length, labels.length);
  checkLength('predictedB', predictedB.length, labels.length);
  throwIssues(
    Array.from(labels).flatMap((label, i) =>
      label >= 0
        ? []
        : [
            {
              path: `labels[${i}]`,
              message: `${label} is not a class index`,
              hint: 'leave out samples without a known class',
            },
          ],
    ),
  );
  let onlyA = 0;
  let onlyB = 0;
  for (let i = 0; i < labels.length; i++) {
    const rightA = predictedA[i] === labels[i];
    const rightB = predictedB[i] === labels[i];
    if (rightA && !rightB) onlyA++;
    if (rightB && !rightA) onlyB++;
  }
  return {
    onlyA,
    onlyB,
    difference: labels.length === 0 ? null : (onlyA - onlyB) / labels.length,
    ...discordantPValues(onlyA, onlyB),
  };
}

function discordantPValues(
  onlyA: number,
  onlyB: number,
): Pick<McNemarResult, 'exactPValue' | 'midPValue'> {
  const trials = onlyA + onlyB;
  if (trials === 0) return { exactPValue: 1, midPValue: 1 };
  const fewer = Math.min(onlyA, onlyB);
  const point = binomialProbability(fewer, trials, 0.5);
  if (onlyA === onlyB) return { exactPValue: 1, midPValue: 1 - point / 2 };
  const exactPValue = Math.min(1, 2 * binomialCdf(fewer, trials, 0.5));
  return { exactPValue, midPValue: exactPValue - point };
}
