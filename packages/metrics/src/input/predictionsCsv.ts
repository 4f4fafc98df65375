import {
  type CsvOptions,
  type CsvRecord,
  csvText,
  InputError,
  type Issue,
  parseCsv,
  type Predictions,
  type TaskPredictions,
  throwIssues,
} from '@nonlocal-med/core';
import { probabilityIssues } from './checkArguments.js';
import { checkPredictions } from './checkPredictions.js';
import { checkNames, readNumber } from './csvParts.js';
import { divideDecisions } from './decisionColumns.js';
import { findingFields, hasFindings, readFindingRecords } from './findingsCsv.js';

/**
 * Predictions as CSV. One of several classes: `id,truth`, then one column per class under its name; the truth is the name
 * of the class, empty where it is not known. Several findings: `id`, one column `truth:FINDING` per finding (1, 0, or
 * empty), then one column per finding under its name. Reading the probabilities gives back the same float64 (at most 17
 * significant digits), so every metric can be recomputed from the file.
 * @param options how texts that look like formulas are written
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError when the predictions cannot be used, or a class or finding has no name
 */
export function predictionsToCsv(predictions: TaskPredictions, options?: CsvOptions): string {
  return csvText(predictionFields(predictions), options);
}

/** The header and the rows of {@link predictionsToCsv}, before they are quoted. */
export function predictionFields(predictions: TaskPredictions): string[][] {
  if ('findings' in predictions) return findingFields(predictions);
  checkPredictions(predictions);
  const { classes, ids, labels, probabilities } = predictions;
  checkNames('class', classes);
  const rows = ids.map((id, i) => [
    id,
    labels[i] < 0 ? '' : classes[labels[i]],
    ...Array.from(probabilities.subarray(i * classes.length, (i + 1) * classes.length), String),
  ]);
  return [['id', 'truth', ...classes], ...rows];
}

/**
 * Reads the CSV that {@link predictionsToCsv} writes for either task; the header tells which. Columns of decisions after
 * the probabilities are checked and left out.
 * @param options.path what errors call the text, usually a file name
 * @throws InputError that lists every issue with its line
 */
export function taskPredictionsFromCsv(
  text: string,
  { path = 'predictions.csv' }: { readonly path?: string } = {},
): TaskPredictions {
  return readPredictionRecords(divideDecisions(parseCsv(text, { path }), path).records, path);
}

/** Reads the records of predictions for either task, the header first. */
export const readPredictionRecords = (
  records: readonly CsvRecord[],
  path: string,
): TaskPredictions =>
  hasFindings(records[0]) ? readFindingRecords(records, path) : readRecords(records, path);

/**
 * Reads the CSV that {@link predictionsToCsv} writes for one of several classes: `id,truth`, then one column per class.
 * @param options.path what errors call the text, usually a file name
 * @throws InputError that lists every issue with its line: a wrong header, duplicate ids or classes, an unknown truth,
 * missing or invalid probabilities
 */
export function predictionsFromCsv(
  text: string,
  { path = 'predictions.csv' }: { readonly path?: string } = {},
): Predictions {
  return readRecords(parseCsv(text, { path }), path);
}

function readRecords([header, ...records]: readonly CsvRecord[], path: string): Predictions {
  const classes = readHeader(header, path);
  const width = classes.length + 2;
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const labels = new Int32Array(records.length);
  const probabilities = new Float64Array(records.length * classes.length);
  records.forEach(({ line, fields }, row) => {
    const report = (message: string, hint?: string): unknown =>
      issues.push({ path: `${path}:${line}`, message, hint });
    if (fields.length !== width) report(`${fields.length} fields`, `${width}, as in the header`);
    const [id, truth, ...values] = fields;
    if (seen.has(id)) report(`id "${id}" is listed twice`);
    seen.add(id);
    labels[row] = truth === '' ? -1 : classes.indexOf(truth);
    if (labels[row] < 0 && truth !== '')
      report(`unknown truth "${truth}"`, `one of ${classes.join(', ')}, or empty`);
    probabilities.set(values.slice(0, classes.length).map(readNumber), row * classes.length);
  });
  const reported = new Set(issues.map((issue) => issue.path));
  const invalid = probabilityIssues(
    probabilities,
    classes.length,
    (row) => `${path}:${records[row].line}`,
  );
  throwIssues([...issues, ...invalid.filter((issue) => !reported.has(issue.path))]);
  return { classes, ids: records.map(({ fields }) => fields[0]), labels, probabilities };
}

function readHeader(header: CsvRecord | undefined, path: string): string[] {
  const [id, truth, ...classes] = header?.fields ?? [];
  const valid =
    id === 'id' &&
    truth === 'truth' &&
    classes.length >= 2 &&
    new Set(classes).size === classes.length &&
    !classes.includes('');
  if (!valid)
    throw new InputError({
      path: `${path}:1`,
      message: `the header is "${header?.fields.join(',') ?? ''}"`,
      hint: 'id, truth, then the name of each class, at least two and all different',
    });
  return classes;
}
