import type { FindingPredictions, Predictions, TaskPredictions } from '@nonlocal-med/core';
import { checkFindingPredictions } from '../findings/findingSamples.js';
import { checkPredictions } from './checkPredictions.js';

/**
 * Checks predictions of either task before anything is computed from them.
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError that lists everything that cannot be used, with the sample's id
 */
export function checkTaskPredictions(predictions: TaskPredictions): void {
  if ('findings' in predictions) checkFindingPredictions(predictions);
  else checkPredictions(predictions);
}

/** The classes, or the findings, in the order of the columns of probabilities. */
export const namesOf = (predictions: TaskPredictions): readonly string[] =>
  'findings' in predictions ? predictions.findings : predictions.classes;

/** The true labels of a sample: one class, or one label per finding. */
export function truthOf(predictions: TaskPredictions, row: number): Int32Array {
  const width = 'findings' in predictions ? predictions.findings.length : 1;
  return predictions.labels.subarray(row * width, (row + 1) * width);
}

/** `image "a.png" has true class 1, but 0`, for errors about a truth that differs between predictions. */
export const otherTruth = (
  predictions: TaskPredictions,
  row: number,
  expected: Iterable<number>,
): string => {
  const kind = 'findings' in predictions ? 'labels' : 'true class';
  const found = truthOf(predictions, row).join(', ');
  return `image "${predictions.ids[row]}" has ${kind} ${found}, but ${[...expected].join(', ')}`;
};

/** Predictions of some samples, in the order of `rows`. */
export function pickRows<P extends TaskPredictions>(predictions: P, rows: readonly number[]): P;
export function pickRows(predictions: TaskPredictions, rows: readonly number[]): TaskPredictions {
  const { ids, probabilities, groups, attributes, decisionsOnly } = predictions;
  const width = namesOf(predictions).length;
  const picked = {
    ids: rows.map((row) => ids[row]),
    labels: Int32Array.from(rows.flatMap((row) => [...truthOf(predictions, row)])),
    probabilities: new Float64Array(rows.length * width),
    ...(groups === undefined ? {} : { groups: rows.map((row) => groups[row]) }),
    ...(attributes === undefined ? {} : { attributes: pickValues(attributes, rows) }),
    ...(decisionsOnly === undefined ? {} : { decisionsOnly }),
  };
  rows.forEach((row, i) =>
    picked.probabilities.set(probabilities.subarray(row * width, (row + 1) * width), i * width),
  );
  return 'findings' in predictions
    ? ({ findings: predictions.findings, ...picked } satisfies FindingPredictions)
    : ({ classes: predictions.classes, ...picked } satisfies Predictions);
}

function pickValues(
  attributes: Readonly<Record<string, readonly string[]>>,
  rows: readonly number[],
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, values]) => [name, rows.map((row) => values[row])]),
  );
}
