import type { Predictions } from '@nonlocal-med/core';

/** The predictions at some row indices, in that order. */
export function pickPredictions(
  { classes, ids, labels, probabilities }: Predictions,
  rows: readonly number[],
): Predictions {
  const picked = new Float64Array(rows.length * classes.length);
  rows.forEach((row, i) =>
    picked.set(
      probabilities.subarray(row * classes.length, (row + 1) * classes.length),
      i * classes.length,
    ),
  );
  return {
    classes,
    ids: rows.map((row) => ids[row]),
    labels: Int32Array.from(rows, (row) => labels[row]),
    probabilities: picked,
  };
}
