import type { ConfusionMatrix } from './confusionMatrix.js';
import { weightedKappa } from './weightedKappa.js';

/**
 * Cohen's kappa: agreement beyond chance, every confusion counting alike.
 * @returns null when there are no samples, or truth and prediction are one and the same class throughout.
 */
export function cohenKappa(matrix: ConfusionMatrix): number | null {
  return weightedKappa(matrix, (truth, prediction) => (truth === prediction ? 0 : 1));
}
