import type { ConfusionMatrix } from './confusionMatrix.js';
import { weightedKappa } from './weightedKappa.js';

/**
 * Quadratic weighted kappa, for classes in an order (grades): a confusion counts by the square of its distance.
 * @returns null when there are no samples, or truth and prediction are one and the same class throughout.
 */
export function quadraticKappa(matrix: ConfusionMatrix): number | null {
  return weightedKappa(matrix, (truth, prediction) => (truth - prediction) ** 2);
}
