import { type CsvOptions, csvText, parseCsv, type TaskPredictions } from '@nonlocal-med/core';
import type { DecidedPredictions } from '../decision/decidePredictions.js';
import {
  decisionCells,
  decisionColumns,
  divideDecisions,
  type RecordedDecision,
} from './decisionColumns.js';
import { predictionFields, readPredictionRecords } from './predictionsCsv.js';

/** Decisions about images as a file has them. */
export interface RecordedDecisions {
  /** With the probabilities that were compared with the thresholds. */
  readonly predictions: TaskPredictions;
  /** What was decided: a class, a finding, or classes joined by `+`; with the rule where one has several. */
  readonly names: readonly string[];
  /** For each image, one decision per name. */
  readonly decisions: readonly (readonly RecordedDecision[])[];
}

/**
 * Decisions as CSV: the columns of `predictionsToCsv`, then `decision:NAME` (yes or no) and `margin:NAME` (the probability
 * minus the threshold) for each operating point.
 * @param options how texts that look like formulas are written
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError when the predictions cannot be used, or a class or finding has no name
 */
export function decisionsToCsv(
  { predictions, decisions }: DecidedPredictions,
  options?: CsvOptions,
): string {
  const [header, ...rows] = predictionFields(predictions);
  const lines = [
    [...header, ...decisionColumns(decisions[0] ?? [])],
    ...rows.map((row, i) => [...row, ...decisionCells(decisions[i])]),
  ];
  return csvText(lines, options);
}

/**
 * Reads the CSV that {@link decisionsToCsv} writes.
 * @param options.path what errors call the text, usually a file name
 * @throws InputError that lists every issue with its line
 */
export function decisionsFromCsv(
  text: string,
  { path = 'decisions.csv' }: { readonly path?: string } = {},
): RecordedDecisions {
  const { records, names, decisions } = divideDecisions(parseCsv(text, { path }), path);
  return { predictions: readPredictionRecords(records, path), names, decisions };
}
