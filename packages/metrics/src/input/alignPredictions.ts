import { InputError, type Issue, type TaskPredictions, throwIssues } from '@nonlocal-med/core';
import { checkTaskPredictions, namesOf, otherTruth, pickRows, truthOf } from './taskPredictions.js';

/**
 * Checked predictions of one or more models on the same samples, in the first one's order and without the samples whose
 * truth is not known.
 * @throws RangeError when the lengths of a model's arrays do not match
 * @throws InputError when there are no models, one of them cannot be used, or their samples differ
 */
export function comparableModels<P extends TaskPredictions>(models: readonly P[]): P[] {
  if (models.length === 0)
    throw new InputError({ path: 'predictions', message: 'no model given', hint: 'one or more' });
  models.forEach(checkTaskPredictions);
  return alignPredictions(models).map(labeledPredictions);
}

/**
 * Brings the predictions of several models on the same images into the first one's order, matched by id.
 * @throws InputError when classes or findings differ, an image is missing from one of them, or its truth differs; lists all
 * images
 */
export function alignPredictions<P extends TaskPredictions>(all: readonly P[]): P[] {
  const [first, ...others] = all;
  return [first, ...others.map((other, i) => alignTo(first, other, `predictions ${i + 2}`))];
}

function alignTo<P extends TaskPredictions>(first: P, other: P, name: string): P {
  requireSameNames(first, other, name);
  const rows = new Map(other.ids.map((id, row) => [id, row]));
  const expected = new Set(first.ids);
  const issues: Issue[] = other.ids
    .filter((id) => !expected.has(id))
    .map((id) => ({ path: name, message: `image "${id}" is not in predictions 1` }));
  const order = first.ids.map((id, i) => {
    const row = rows.get(id);
    if (row === undefined)
      issues.push({ path: name, message: `image "${id}" of predictions 1 is missing` });
    else if (truthOf(other, row).some((label, t) => label !== truthOf(first, i)[t]))
      issues.push({
        path: name,
        message: `${otherTruth(other, row, truthOf(first, i))} in predictions 1`,
      });
    return row ?? 0;
  });
  throwIssues(issues);
  return order.every((row, i) => row === i) ? other : pickRows(other, order);
}

/** @throws InputError when the classes or findings of two models differ */
export function requireSameNames(
  first: TaskPredictions,
  other: TaskPredictions,
  name: string,
): void {
  const [names, others] = [namesOf(first), namesOf(other)];
  const isSame = names.length === others.length && names.every((one, i) => one === others[i]);
  if (isSame && 'findings' in first === 'findings' in other) return;
  const kind = (predictions: TaskPredictions): string =>
    'findings' in predictions ? 'findings' : 'classes';
  throw new InputError({
    path: name,
    message: `${kind(other)} are ${others.join(', ')}`,
    hint: `those of predictions 1: ${names.join(', ')}${kind(first) === kind(other) ? '' : ` (${kind(first)})`}`,
  });
}

/**
 * The predictions whose truth is known: with classes, samples whose class is (label not -1); with findings, samples that
 * have a known label of any finding. The same object when that is so for all.
 */
export function labeledPredictions<P extends TaskPredictions>(predictions: P): P {
  const rows = [...predictions.ids.keys()];
  const known = rows.filter((row) => truthOf(predictions, row).some((label) => label >= 0));
  return known.length === rows.length ? predictions : pickRows(predictions, known);
}
