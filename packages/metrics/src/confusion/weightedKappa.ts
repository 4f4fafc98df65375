import type { ConfusionMatrix } from './confusionMatrix.js';

/**
 * Cohen's kappa with a penalty for each pair of classes: 1 - (observed penalty) / (penalty expected by chance).
 * @returns null when there are no samples, or truth and prediction are one and the same class throughout (chance
 * expects no disagreement; scikit-learn returns NaN).
 */
export function weightedKappa(
  { classes, counts }: ConfusionMatrix,
  penalty: (truth: number, prediction: number) => number,
): number | null {
  const rows = new Float64Array(classes);
  const columns = new Float64Array(classes);
  let total = 0;
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      const count = counts[t * classes + p];
      rows[t] += count;
      columns[p] += count;
      total += count;
    }
  }
  let observed = 0;
  let expected = 0;
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      observed += penalty(t, p) * counts[t * classes + p];
      expected += penalty(t, p) * rows[t] * columns[p];
    }
  }
  return expected > 0 ? 1 - (observed * total) / expected : null;
}
