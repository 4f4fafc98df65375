import { meanOfDefined, safeDivide } from '../confusion/averages.js';
import { requireArrays } from '../input/checkArguments.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';
import { binaryAuc } from './binaryAuc.js';
import type { PairwiseAreas } from './pairwiseAreas.js';

/** How the AUCs of the classes become one number; with two classes all three are the ordinary AUC. */
export type AucAverage = 'macro' | 'weighted' | 'hand-till';

/**
 * Area under the ROC curve of class probabilities, or of the scores of two classes (specification, 10.2): `macro` is the mean of each class against the
 * rest, `weighted` the same weighted by prevalence, `hand-till` the mean over pairs of classes. Ties count one half.
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1. For labels 0 and 1 also one score per sample,
 * [count], of which larger ones mean class 1, as for {@link binaryAuc}
 * @returns null when fewer than two classes are present; absent classes are left out of the mean
 * @throws RangeError when the lengths do not match
 * @throws InputError that lists labels that are not class indices and rows that are not distributions, with their index
 * @example
 * ```ts
 * import { rocAuc } from '@nonlocal-med/metrics';
 *
 * const labels = [0, 0, 1, 1];
 * const probabilities = [0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8]; // [4, 2]
 * console.log(rocAuc(labels, probabilities)); // 0.75
 * console.log(rocAuc(labels, [0.1, 0.4, 0.35, 0.8]) === rocAuc(labels, probabilities)); // true
 * ```
 */
export function rocAuc(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { average = 'macro' }: { readonly average?: AucAverage } = {},
): number | null {
  requireArrays('rocAuc(labels, probabilities)', { labels, probabilities });
  if (labels.length === 0) return null;
  if (probabilities.length === labels.length) return binaryAuc(labels, probabilities);
  return aucAverages[average](weightSamples(scoreSamples(labels, probabilities)).areas());
}

/** The multi-class forms of the AUC; each is null when fewer than two classes are present. */
export const aucAverages: Record<AucAverage, (areas: PairwiseAreas) => number | null> = {
  macro: (areas) => meanOfDefined(areas.classes, (c) => classAuc(areas, c)),

  weighted(areas) {
    let sum = 0;
    let weight = 0;
    for (let c = 0; c < areas.classes; c++) {
      const value = classAuc(areas, c);
      if (value === null) continue;
      sum += value * areas.support[c];
      weight += areas.support[c];
    }
    return safeDivide(sum, weight);
  },

  /** Hand and Till's (2001) M: the mean of both one-vs-one AUCs of each pair of classes, whatever their prevalence. */
  'hand-till'({ classes, areas, support }) {
    let sum = 0;
    let pairs = 0;
    for (let a = 0; a < classes; a++) {
      for (let b = 0; b < a; b++) {
        if (support[a] === 0 || support[b] === 0) continue;
        sum += (areas[a * classes + b] + areas[b * classes + a]) / (2 * support[a] * support[b]);
        pairs++;
      }
    }
    return safeDivide(sum, pairs);
  },
};

/** AUC of one class against the rest; null when the class has no samples, or all of them. */
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
