import { meanOfDefined } from '../confusion/meanOfDefined.js';
import { classAuc } from './classAuc.js';
import type { PairwiseAreas } from './pairwiseAreas.js';

/** Mean of the classes' AUCs against the rest; classes without one are left out; null when none has one. */
export function macroAuc(areas: PairwiseAreas): number | null {
  return meanOfDefined(areas.classes, (c) => classAuc(areas, c));
}
