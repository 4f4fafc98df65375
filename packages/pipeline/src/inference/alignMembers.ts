import type { TaskPredictions } from '@nonlocal-med/core';
import { pickRows } from '@nonlocal-med/metrics';

/** Predictions with the columns in another order of the same classes or findings. */
export function inClassOrder<P extends TaskPredictions>(
  predictions: P,
  names: readonly string[],
): P;
export function inClassOrder(
  predictions: TaskPredictions,
  names: readonly string[],
): TaskPredictions {
  const own = namesOf(predictions);
  const columns = names.map((name) => own.indexOf(name));
  if (columns.every((column, i) => column === i)) return predictions;
  const width = names.length;
  const reordered = <T extends Int32Array | Float64Array>(values: T): T =>
    values.map((_, i) => values[Math.floor(i / width) * width + columns[i % width]]) as T;
  const { labels } = predictions;
  const probabilities = reordered(predictions.probabilities);
  return 'findings' in predictions
    ? { ...predictions, findings: names, labels: reordered(labels), probabilities }
    : {
        ...predictions,
        classes: names,
        labels: labels.map((label) => (label < 0 ? label : columns.indexOf(label))),
        probabilities,
      };
}

/** The classes or findings of predictions. */
export const namesOf = (predictions: TaskPredictions): readonly string[] =>
  'findings' in predictions ? predictions.findings : predictions.classes;

/** The predictions of some images, in their order. */
export function onImages(predictions: TaskPredictions, ids: readonly string[]): TaskPredictions {
  const rows = new Map(predictions.ids.map((id, row) => [id, row]));
  return pickRows(
    predictions,
    ids.map((id) => rows.get(id)!),
  );
}
