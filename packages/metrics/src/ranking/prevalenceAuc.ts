import { ratio } from '../confusion/ratio.js';
import { classAuc } from './classAuc.js';
import type { PairwiseAreas } from './pairwiseAreas.js';

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
  return ratio(sum, weight);
}
