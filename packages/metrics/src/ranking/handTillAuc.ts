import type { PairwiseAreas } from './pairwiseAreas.js';

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
