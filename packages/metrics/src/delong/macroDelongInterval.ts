import { scoreSamples } from '../sample/scoredSamples.js';
import { aucInfluence } from './aucInfluence.js';
import type { AucInterval, AucIntervalOptions } from './aucInterval.js';
import { influenceInterval } from './influenceInterval.js';

/**
 * Macro one-vs-rest AUC with an interval by DeLong's method extended to several classes (spec 10.3); with two classes
 * it is DeLong's own.
 *
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @throws InputError that lists labels outside the classes, NaN and rows that are no distribution, with their index.
 */
export function macroDelongInterval(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: AucIntervalOptions = {},
): AucInterval {
  return influenceInterval(
    labels.length === 0 ? null : aucInfluence(scoreSamples(labels, probabilities)),
    labels,
    options,
  );
}
