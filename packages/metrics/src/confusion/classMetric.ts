import { type ClassCounts, classCounts } from './classCounts.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { meanOfDefined } from './meanOfDefined.js';

/** Which classes a one-vs-rest metric speaks of: the mean over all for which it is defined, or one. */
export interface ClassChoice {
  /** A class index; without it the macro mean. */
  readonly of?: number;
}

/** Frame of every one-vs-rest metric: `valueOf` says what one class's counts give, or null. */
export function classMetric(
  matrix: ConfusionMatrix,
  { of }: ClassChoice,
  valueOf: (counts: ClassCounts) => number | null,
): number | null {
  if (of !== undefined) return valueOf(classCounts(matrix, of));
  return meanOfDefined(matrix.classes, (c) => valueOf(classCounts(matrix, c)));
}
