import { type ConfusionMatrix, requireMatrix } from './confusionMatrix.js';

/**
 * Cohen's kappa: agreement beyond chance, with every confusion counting the same.
 * @returns null when there are no samples, or truth and prediction are the same single class throughout
 */
export function cohenKappa(matrix: ConfusionMatrix): number | null {
  return weightedKappa(matrix, (truth, prediction) => (truth === prediction ? 0 : 1));
}

/**
 * Quadratically weighted kappa, for ordered classes such as grades: a confusion counts by the square of its distance.
 * @returns null when there are no samples, or truth and prediction are the same single class throughout
 */
export function quadraticKappa(matrix: ConfusionMatrix): number | null {
  return weightedKappa(matrix, (truth, prediction) => (truth - prediction) ** 2);
}

/**
 * Kappa with a penalty for each pair of classes: 1 - (observed penalty) / (penalty expected by chance).
 * @returns null when chance expects no penalty (scikit-learn returns NaN)
 */
function weightedKappa(
  matrix: ConfusionMatrix,
  penalty: (truth: number, prediction: number) => number,
): number | null {
  requireMatrix(matrix);
  const { classes, counts } = matrix;
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

/**
 * Matthews correlation coefficient for any number of classes (Gorodkin 2004).
 * @returns null when there are no samples, or only one true or one predicted class: the correlation with a constant is not
 * defined (scikit-learn returns 0)
 */
export function matthews(matrix: ConfusionMatrix): number | null {
  requireMatrix(matrix);
  const { classes, counts } = matrix;
  let total = 0;
  let right = 0;
  let products = 0;
  let rowSquares = 0;
  let columnSquares = 0;
  for (let c = 0; c < classes; c++) {
    let row = 0;
    let column = 0;
    for (let other = 0; other < classes; other++) {
      row += counts[c * classes + other];
      column += counts[other * classes + c];
    }
    total += row;
    right += counts[c * classes + c];
    products += row * column;
    rowSquares += row * row;
    columnSquares += column * column;
  }
  const spread = (total * total - rowSquares) * (total * total - columnSquares);
  return spread > 0 ? (right * total - products) / Math.sqrt(spread) : null;
}
