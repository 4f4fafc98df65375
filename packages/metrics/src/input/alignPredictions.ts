import { InputError, type Issue, type Predictions, throwIssues } from '@nonlocal-med/core';
import { checkPredictions } from './checkPredictions.js';

/**
 * Checked predictions of one or more models on the same samples, in the first one's order and without the samples whose
 * true class is not known.
 * @throws RangeError when the lengths of a model's arrays do not match
 * @throws InputError when there are no models, one of them cannot be used, or their samples differ
 */
export function comparableModels(models: readonly Predictions[]): Predictions[] {
  if (models.length === 0)
    throw new InputError({ path: 'predictions', message: 'no model given', hint: 'one or more' });
  models.forEach(checkPredictions);
  return alignPredictions(models).map(labeledPredictions);
}

/**
 * Brings the predictions of several models on the same images into the first one's order, matched by id.
 * @throws InputError when classes differ, an image is missing from one of them, or its true class differs; lists all images
 */
export function alignPredictions(all: readonly Predictions[]): Predictions[] {
  const [first, ...others] = all;
  return [first, ...others.map((other, i) => alignTo(first, other, `predictions ${i + 2}`))];
}

function alignTo(first: Predictions, other: Predictions, name: string): Predictions {
  if (
    first.classes.length !== other.classes.length ||
    first.classes.some((label, c) => label !== other.classes[c])
  ) {
    throw new InputError({
      path: name,
      message: `classes are ${other.classes.join(', ')}`,
      hint: `those of predictions 1: ${first.classes.join(', ')}`,
    });
  }
  const rows = new Map(other.ids.map((id, row) => [id, row]));
  const expected = new Set(first.ids);
  const issues: Issue[] = other.ids
    .filter((id) => !expected.has(id))
    .map((id) => ({ path: name, message: `image "${id}" is not in predictions 1` }));
  const order = first.ids.map((id, i) => {
    const row = rows.get(id);
    if (row === undefined)
      issues.push({ path: name, message: `image "${id}" of predictions 1 is missing` });
    else if (other.labels[row] !== first.labels[i])
      issues.push({
        path: name,
        message: `image "${id}" has true class ${other.labels[row]}, but ${first.labels[i]} in predictions 1`,
      });
    return row ?? 0;
  });
  throwIssues(issues);
  return order.every((row, i) => row === i) ? other : pickRows(other, order);
}

/** The predictions whose true class is known (label not -1); the same object when it is known for all. */
export function labeledPredictions(predictions: Predictions): Predictions {
  if (predictions.labels.every((label) => label >= 0)) return predictions;
  return pickRows(
    predictions,
    predictions.ids.flatMap((_, i) => (predictions.labels[i] < 0 ? [] : [i])),
  );
}

/** The predictions of some samples, in the order of `rows`. */
export function pickRows(
  { classes, ids, labels, probabilities, groups }: Predictions,
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
    ...(groups === undefined ? {} : { groups: rows.map((row) => groups[row]) }),
  };
}
