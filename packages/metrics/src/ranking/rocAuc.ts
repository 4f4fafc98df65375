import { scoreSamples } from '../sample/scoredSamples.js';
import { weigh } from '../sample/weighting.js';
import { handTillAuc } from './handTillAuc.js';
import { macroAuc } from './macroAuc.js';
import type { PairwiseAreas } from './pairwiseAreas.js';
import { prevalenceAuc } from './prevalenceAuc.js';

/** How the classes' curves become one number; all three are the ordinary AUC when there are two classes. */
export type AucAverage = 'macro' | 'weighted' | 'hand-till';

const averages: Record<AucAverage, (areas: PairwiseAreas) => number | null> = {
  macro: macroAuc,
  weighted: prevalenceAuc,
  'hand-till': handTillAuc,
};

/**
 * Area under the ROC curve of class probabilities (spec 10.2): `macro` is the mean of each class against the rest,
 * `weighted` the same by prevalence, `hand-till` the mean over pairs of classes. Ties count one half.
 *
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @returns null when fewer than two classes are present; absent classes are left out of the mean.
 * @throws InputError that lists labels outside the classes, NaN and rows that are no distribution, with their index.
 */
export function rocAuc(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { average = 'macro' }: { readonly average?: AucAverage } = {},
): number | null {
  if (labels.length === 0) return null;
  return averages[average](weigh(scoreSamples(labels, probabilities)).areas());
}
