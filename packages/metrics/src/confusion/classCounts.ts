import type { ConfusionMatrix } from './confusionMatrix.js';

/** One class against the rest. */
export interface ClassCounts {
  readonly truePositives: number;
  readonly falseNegatives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
}

/**
 * Reduces a confusion matrix to one class against the rest (spec 10).
 * @throws RangeError when the class is not in the matrix.
 */
export function classCounts({ classes, counts }: ConfusionMatrix, classIndex: number): ClassCounts {
  if (!(classIndex >= 0 && classIndex < classes))
    throw new RangeError(`The matrix has classes 0 to ${classes - 1}, got ${classIndex}.`);
  let row = 0;
  let column = 0;
  let total = 0;
  for (let c = 0; c < classes; c++) {
    row += counts[classIndex * classes + c];
    column += counts[c * classes + classIndex];
  }
  for (let i = 0; i < counts.length; i++) total += counts[i];
  const truePositives = counts[classIndex * classes + classIndex];
  return {
    truePositives,
    falseNegatives: row - truePositives,
    falsePositives: column - truePositives,
    trueNegatives: total - row - column + truePositives,
  };
}
