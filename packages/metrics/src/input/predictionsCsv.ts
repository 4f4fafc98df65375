import {
  csvField,
  type CsvRecord,
  InputError,
  type Issue,
  parseCsv,
  type Predictions,
  throwIssues,
} from '@nonlocal-med/core';
import { probabilityIssues } from './checkArguments.js';
import { checkPredictions } from './checkPredictions.js';

/**
 * Predictions as CSV: `id,truth`, then one column a class under its name. The truth is the class's name, empty where it
 * is not known. Probabilities are written so that reading them gives the same float64 (at most 17 significant digits):
 * every metric can be recomputed from the file.
 *
 * @throws InputError when the predictions are not usable, or a class has no name.
 */
export function predictionsToCsv(predictions: Predictions): string {
  checkPredictions(predictions);
  const { classes, ids, labels, probabilities } = predictions;
  if (classes.includes(''))
    throw new InputError({
      path: 'classes',
      message: 'a class has no name',
      hint: 'a name for each: an empty truth means that it is not known',
    });
  const rows = ids.map((id, i) =>
    [
      csvField(id),
      labels[i] < 0 ? '' : csvField(classes[labels[i]]),
      ...probabilities.subarray(i * classes.length, (i + 1) * classes.length),
    ].join(','),
  );
  return `${[['id', 'truth', ...classes].map(csvField).join(','), ...rows].join('\n')}\n`;
}

/**
 * Reads what {@link predictionsToCsv} wrote: `id,truth`, then one column a class.
 *
 * @param where how issues call the text, usually the file's name
 * @throws InputError that lists every issue with its line: wrong header, repeated ids or classes, unknown truth, missing
 * or bad probabilities.
 */
export function predictionsFromCsv(
  text: string,
  { where = 'predictions.csv' }: { readonly where?: string } = {},
): Predictions {
  const [header, ...records] = parseCsv(text, { path: where });
  const classes = readHeader(header, where);
  const width = classes.length + 2;
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const labels = new Int32Array(records.length);
  const probabilities = new Float64Array(records.length * classes.length);
  records.forEach(({ line, fields }, row) => {
    const issue = (what: string, allowed?: string): unknown =>
      issues.push({ path: `${where}:${line}`, message: what, hint: allowed });
    if (fields.length !== width) issue(`${fields.length} fields`, `${width}, as in the header`);
    const [id, truth, ...values] = fields;
    if (seen.has(id)) issue(`id "${id}" stands twice`);
    seen.add(id);
    labels[row] = truth === '' ? -1 : classes.indexOf(truth);
    if (labels[row] < 0 && truth !== '')
      issue(`unknown truth "${truth}"`, `one of ${classes.join(', ')}, or empty`);
    probabilities.set(values.slice(0, classes.length).map(readNumber), row * classes.length);
  });
  const known = new Set(issues.map((issue) => issue.path));
  const values = probabilityIssues(
    probabilities,
    classes.length,
    (row) => `${where}:${records[row].line}`,
  );
  throwIssues([...issues, ...values.filter((issue) => !known.has(issue.path))]);
  return { classes, ids: records.map(({ fields }) => fields[0]), labels, probabilities };
}

function readHeader(header: CsvRecord | undefined, where: string): string[] {
  const [id, truth, ...classes] = header?.fields ?? [];
  const right =
    id === 'id' &&
    truth === 'truth' &&
    classes.length >= 2 &&
    new Set(classes).size === classes.length &&
    !classes.includes('');
  if (!right)
    throw new InputError({
      path: `${where}:1`,
      message: `the header is "${header?.fields.join(',') ?? ''}"`,
      hint: 'id,truth and then the name of each class once, at least two',
    });
  return classes;
}

/** A number as CSV writers put it; NaN for anything else, also for an empty field. */
function readNumber(text: string): number {
  return /^\s*$/.test(text) ? NaN : Number(text);
}
