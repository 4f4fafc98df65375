import { placements } from '../ranking/placements.js';
import type { AucInfluence } from './aucInfluence.js';

/** DeLong's components of a two-class AUC from any score; null when one of the classes is absent. Labels are 0 or 1. */
export function binaryInfluence(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): AucInfluence | null {
  const placed = placements(
    labels.length,
    (i) => labels[i] === 1,
    (i) => scores[i],
  );
  return placed === null ? null : { auc: placed.auc, components: placed.values };
}
