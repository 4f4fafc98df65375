import type { ConfusionMatrix } from './confusionMatrix.js';

/**
 * Matthews correlation coefficient for any number of classes (Gorodkin 2004).
 * @returns null when there are no samples, or all have the same true or the same predicted class: a correlation with a
 * constant is not defined (scikit-learn returns 0).
 */
export function matthews({ classes, counts }: ConfusionMatrix): number | null {
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
