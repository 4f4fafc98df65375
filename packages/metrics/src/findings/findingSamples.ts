import { type FindingPredictions, InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { classMetricNames, metricOf, reportedMetrics } from '../evaluate/metricCatalog.js';
import { checkLength } from '../input/checkArguments.js';
import { duplicates } from '../input/checkPredictions.js';
import { type ScoredSamples, scoreSamples } from '../sample/scoredSamples.js';
import type { Metric } from '../sample/weighting.js';
import type { FindingMetricName } from './findingsReport.js';

/** The known labels of one finding, or of all together, as samples of two classes: 0 absent, 1 present. */
export interface FindingSamples {
  /** The image of each label, [labels]. */
  readonly rows: Int32Array;
  /** Class 1 is predicted from the finding's threshold on. */
  readonly samples: ScoredSamples;
  /** Class 1 is predicted throughout: its "confidence" is the probability of the finding, its accuracy the share of positives. */
  readonly alwaysPositive: ScoredSamples;
}

/**
 * The known labels of the chosen findings.
 * @param thresholds probability from which each finding is called present, [findings]
 */
export function findingSamples(
  { findings, ids, labels, probabilities }: FindingPredictions,
  thresholds: readonly number[],
  chosen: readonly number[],
): FindingSamples {
  const width = findings.length;
  const cells: number[] = []; // positions in the predictions
  for (let row = 0; row < ids.length; row++)
    for (const finding of chosen)
      if (labels[row * width + finding] >= 0) cells.push(row * width + finding);
  const pairs = new Float64Array(2 * cells.length);
  const called = new Int32Array(cells.length);
  cells.forEach((cell, i) => {
    pairs[2 * i] = 1 - probabilities[cell];
    pairs[2 * i + 1] = probabilities[cell];
    called[i] = probabilities[cell] >= thresholds[cell % width] ? 1 : 0;
  });
  const samples = scoreSamples(
    cells.map((cell) => labels[cell]),
    pairs,
    2,
  );
  return {
    rows: Int32Array.from(cells, (cell) => Math.floor(cell / width)),
    samples: { ...samples, predicted: called },
    alwaysPositive: { ...samples, predicted: new Int32Array(cells.length).fill(1) },
  };
}

/** Every metric of a finding, in the order of reports: those of one class against the rest, then of the probability. */
export const findingMetricNames: readonly FindingMetricName[] = [
  ...classMetricNames,
  'brierScore',
  'calibrationError',
];

/** The metrics that are also computed over all labels of all findings together. */
export const microMetricNames = ['auc', 'averagePrecision'] as const;

/** The evaluator of each of {@link findingMetricNames}. */
export function findingEvaluators({
  samples,
  alwaysPositive,
}: FindingSamples): ReturnType<Metric>[] {
  const ofClass = new Map(
    reportedMetrics(2).flatMap(({ name, metric, classIndex }) =>
      classIndex === 1 ? [[name, metric]] : [],
    ),
  );
  return findingMetricNames.map((name) => {
    if (name === 'calibrationError') return metricOf(name)(alwaysPositive);
    return (name === 'brierScore' ? metricOf(name) : ofClass.get(name)!)(samples);
  });
}

/**
 * Checks predictions of several findings before anything is computed from them.
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError that lists missing or duplicate findings, duplicate ids, labels other than 0, 1 and -1, and values that
 * are not probabilities, each with the sample's id and the finding
 */
export function checkFindingPredictions({
  findings,
  ids,
  labels,
  probabilities,
  groups,
}: FindingPredictions): void {
  if (findings.length === 0)
    throw new InputError({ path: 'findings', message: 'none is given', hint: 'one or more' });
  checkLength('labels / findings', labels.length / findings.length, ids.length);
  checkLength('probabilities / findings', probabilities.length / findings.length, ids.length);
  if (groups !== undefined) checkLength('groups', groups.length, ids.length);
  const issues: Issue[] = [...duplicates('findings', findings), ...duplicates('ids', ids)];
  labels.forEach((label, i) => {
    const path = `sample "${ids[Math.floor(i / findings.length)]}"`;
    const finding = `"${findings[i % findings.length]}"`;
    if (label < -1 || label > 1)
      issues.push({
        path,
        message: `the label of ${finding} is ${label}`,
        hint: '1 present, 0 absent, -1 not known',
      });
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
      issues.push({
        path,
        message: `${probabilities[i]} for ${finding} is not a probability`,
        hint: 'a number from 0 to 1; apply a sigmoid to logits first',
      });
  });
  throwIssues(issues);
}
