import { scoreSamples } from '../sample/scoredSamples.js';
import { type AucInfluence, aucInfluence } from './aucInfluence.js';
import { type AucComparison, compareInfluences } from './compareInfluences.js';

/**
 * Paired test of two macro one-vs-rest AUCs on the same samples: DeLong's test extended to several classes (spec 10.3);
 * with two classes it is DeLong's own.
 *
 * @param labels class indices, [count]
 * @param probabilitiesA of the first model, [count, classes]; rows sum to 1
 * @param probabilitiesB of the second model on the same samples, [count, classes]
 * @throws InputError that lists labels outside the classes, NaN and rows that are no distribution, with their index.
 */
export function macroDelongTest(
  labels: ArrayLike<number>,
  probabilitiesA: ArrayLike<number>,
  probabilitiesB: ArrayLike<number>,
  { confidence }: { readonly confidence?: number } = {},
): AucComparison {
  const influence = (probabilities: ArrayLike<number>): AucInfluence | null =>
    labels.length === 0 ? null : aucInfluence(scoreSamples(labels, probabilities));
  return compareInfluences(influence(probabilitiesA), influence(probabilitiesB), {
    labels,
    confidence,
  });
}
