/** Decisions as columns of a table of predictions, after those of the probabilities. */
import { count, type CsvRecord, type Issue, throwIssues } from '@nonlocal-med/core';
import type { ImageDecision } from '../decision/decidePredictions.js';
import { goalText } from '../decision/decisionRule.js';
import { readNumber } from './csvParts.js';

const [DECISION, MARGIN] = ['decision:', 'margin:'];

/**
 * Titles of the columns of decisions: `decision:referable` and `margin:referable` for each operating point, with its rule
 * where a class has several (`decision:referable:specificity>=0.95`).
 */
export function decisionColumns(
  points: readonly Pick<ImageDecision, 'positive' | 'goal'>[],
): string[] {
  const names = points.map(({ positive }) => positive.join('+'));
  return points.flatMap(({ goal }, p) => {
    const isOnly = names.filter((name) => name === names[p]).length === 1;
    const key = isOnly ? names[p] : `${names[p]}:${goalText(goal)}`;
    return [`${DECISION}${key}`, `${MARGIN}${key}`];
  });
}

/** `yes` or `no`, and the margin to the threshold, for each of {@link decisionColumns}. */
export const decisionCells = (
  decisions: readonly Pick<ImageDecision, 'isPositive' | 'margin'>[],
): string[] =>
  decisions.flatMap(({ isPositive, margin }) => [isPositive ? 'yes' : 'no', String(margin)]);

/** A decision as a file has it. */
export type RecordedDecision = Pick<ImageDecision, 'isPositive' | 'margin'>;

/** The records of a table of predictions, divided at its first column of a decision. */
interface DividedRecords {
  /** Without the columns of decisions; the header first. */
  readonly records: readonly CsvRecord[];
  /** What the decisions are called: their titles without `decision:`. */
  readonly names: readonly string[];
  /** For each record after the header, one decision per name. */
  readonly decisions: readonly (readonly RecordedDecision[])[];
}

/**
 * Divides the records of a table of predictions into the predictions and the decisions about them, of which there may be
 * none.
 * @param path what errors call the text, usually a file name
 * @throws InputError that lists with their lines decisions other than `yes` and `no` and margins that are not numbers
 */
export function divideDecisions(records: readonly CsvRecord[], path: string): DividedRecords {
  const [header, ...rows] = records;
  const titles = header?.fields ?? [];
  const names: string[] = [];
  let start = titles.length;
  const isPair = (c: number): boolean =>
    titles[c]?.startsWith(DECISION) &&
    titles[c + 1] === `${MARGIN}${titles[c].slice(DECISION.length)}` &&
    rows.every(({ fields }) => Number.isNaN(readNumber(fields[c] ?? ''))); // else a class of that name
  while (isPair(start - 2)) {
    start -= 2;
    names.unshift(titles[start].slice(DECISION.length));
  }
  if (names.length === 0) return { records, names, decisions: rows.map(() => []) };
  const issues: Issue[] = [];
  const decisions = rows.map(({ line, fields }) => {
    const report = (message: string, hint: string): unknown =>
      issues.push({ path: `${path}:${line}`, message, hint });
    if (fields.length !== titles.length) {
      report(count(fields.length, 'field'), `${titles.length}, as in the header`);
      return [];
    }
    return names.map((name, n): RecordedDecision => {
      const [decision, margin] = fields.slice(start + 2 * n);
      if (decision !== 'yes' && decision !== 'no')
        report(`the decision about "${name}" is "${decision}"`, 'yes or no');
      if (!Number.isFinite(readNumber(margin)))
        report(`the margin of "${name}" is "${margin}"`, 'the probability minus the threshold');
      return { isPositive: decision === 'yes', margin: readNumber(margin) };
    });
  });
  throwIssues(issues);
  return {
    records: records.map(({ line, fields }) => ({ line, fields: fields.slice(0, start) })),
    names,
    decisions,
  };
}
