import { meanOfDefined, safeDivide } from '../confusion/averages.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';
import type { PairwiseAreas } from './pairwiseAreas.js';

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
  return averages[average](weightSamples(scoreSamples(labels, probabilities)).areas());
}

/** Mean of the classes' AUCs against the rest; classes without one are left out; null when none has one. */
export function macroAuc(areas: PairwiseAreas): number | null {
  return meanOfDefined(areas.classes, (c) => classAuc(areas, c));
}

/** Mean of the classes' AUCs against the rest, weighted by how frequent they are; null when none has one. */
export function prevalenceAuc(areas: PairwiseAreas): number | null {
  let sum = 0;
  let weight = 0;
  for (let c = 0; c < areas.classes; c++) {
    const value = classAuc(areas, c);
    if (value === null) continue;
    sum += value * areas.support[c];
    weight += areas.support[c];
  }
  return safeDivide(sum, weight);
}

/**
 * Hand and Till's (2001) M: the mean over pairs of classes of both one-vs-one AUCs; it does not depend on how frequent
 * the classes are. Pairs with an absent class are left out; null when fewer than two classes are present.
 */
export function handTillAuc({ classes, areas, support }: PairwiseAreas): number | null {
  let sum = 0;
  let pairs = 0;
  for (let a = 0; a < classes; a++) {
    for (let b = 0; b < a; b++) {
      if (support[a] === 0 || support[b] === 0) continue;
      sum += (areas[a * classes + b] + areas[b * classes + a]) / (2 * support[a] * support[b]);
      pairs++;
    }
  }
  return pairs === 0 ? null : sum / pairs;
}

/** AUC of one class against the rest; null when the class, or everything else, has no sample. */
export function classAuc(
  { classes, areas, support }: PairwiseAreas,
  classIndex: number,
): number | null {
  let area = 0;
  let rest = 0;
  for (let b = 0; b < classes; b++) {
    if (b === classIndex) continue;
    area += areas[classIndex * classes + b];
    rest += support[b];
  }
  return safeDivide(area, support[classIndex] * rest);
}
