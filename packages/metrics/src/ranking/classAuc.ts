import { ratio } from '../confusion/ratio.js';
import type { PairwiseAreas } from './pairwiseAreas.js';

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
  return ratio(area, support[classIndex] * rest);
}
