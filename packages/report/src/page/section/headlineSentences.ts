import { testNames } from '../../statistics/differenceTest.js';
import type {
  DifferenceTest,
  ExperimentSummary,
  MetricComparison,
  RowSummary,
  Verdict,
} from '../../statistics/experimentSummary.js';
import { hasFewRepeats, listDifferences } from '../../statistics/fewRepeats.js';
import { formatPercent, formatPointDifference, formatPStatement } from '../../tables/numberText.js';

/** Up to this many comparisons are described one by one; more are counted by verdict. */
const MOST_DESCRIBED = 3;

/**
 * The result in plain sentences for readers without a background in statistics: the difference in AUC of each model
 * from its baseline with its interval, whether it is statistically significant, and what the numbers do not show.
 */
export function headlineSentences(summary: ExperimentSummary): string[] {
  const compared = summary.rows.flatMap((row) =>
    row.comparison === null || row.comparison.repeats.length === 0
      ? []
      : [
          {
            title: row.title,
            baseline: titleOf(summary, row.comparison.baseline),
            repeats: row.comparison.repeats.length,
            auc: row.comparison.metrics.auc,
            sensitivity: row.comparison.metrics.sensitivity,
          },
        ],
  );
  if (compared.length === 0)
    return summary.rows
      .filter(({ finished }) => finished > 0)
      .map((row) => describeRow(row, summary));
  const trainedOnce = compared.every(({ repeats }) => repeats === 1);
  return [
    ...(compared.length > MOST_DESCRIBED && !trainedOnce
      ? [countVerdicts(compared)]
      : compared.map((row) => describeDifference(row, summary))),
    trainedOnce
      ? `${trainedModels(summary)} trained once. Another random seed would also change these numbers; only repeated training shows by how much.`
      : describeLimits(summary, compared.length),
  ];
}

interface ComparedRow {
  readonly title: string;
  readonly baseline: string;
  readonly repeats: number;
  readonly auc: MetricComparison;
  readonly sensitivity: MetricComparison;
}

/** The subject of the sentence that models were trained once: readers and products were not. */
function trainedModels({ rows }: ExperimentSummary): string {
  const trained = rows.filter(({ system, finished }) => system === undefined && finished > 0);
  return trained.length === 1 ? `${trained[0].title} was` : 'Each model was';
}

const titleOf = ({ rows }: ExperimentSummary, key: string): string =>
  rows.find((row) => row.key === key)?.title ?? key;

const countRepeats = ({ differences }: MetricComparison): number =>
  differences.filter((difference) => difference !== null).length;

function describeRow(
  { title, metrics: { auc }, finished }: RowSummary,
  { confidence, task }: ExperimentSummary,
): string {
  if (auc.mean === null)
    return `The AUC of ${title} is not defined: ${auc.undefinedBecause.find((reason) => reason !== null) ?? 'it has no value'}.`;
  const interval =
    auc.interval === null
      ? noInterval(auc.noIntervalBecause)
      : ` (${100 * confidence} % confidence interval ${formatPercent(auc.interval.lower)} to ${formatPercent(auc.interval.upper)} %)`;
  const repeats = finished > 1 ? `, averaged over ${finished} repeats` : '';
  return `${title} reaches ${task === 'multilabel' ? 'a mean AUC' : 'an AUC'} of ${formatPercent(auc.mean)} %${interval}${repeats}.`;
}

const noInterval = (reason?: string): string =>
  reason === undefined ? '' : ` (no confidence interval: ${reason})`;

function describeDifference(row: ComparedRow, summary: ExperimentSummary): string {
  const { title, baseline, auc, sensitivity } = row;
  const name = summary.task === 'multilabel' ? 'mean AUC' : 'AUC';
  if (auc.mean !== null) return describeMetric(row, { name, comparison: auc, summary });
  const because = auc.overRepeats.undefinedBecause ?? 'they are not defined';
  const problem = `The ${name}s of ${title} and ${baseline} cannot be compared: ${because}.`;
  if (sensitivity.mean === null) return problem;
  const instead = { name: 'sensitivity', comparison: sensitivity, summary };
  return `${problem} ${describeMetric(row, instead)}`;
}

interface DescribedMetric {
  readonly name: string;
  readonly comparison: MetricComparison;
  readonly summary: ExperimentSummary;
}

function describeMetric(
  { title, baseline }: ComparedRow,
  { name, comparison: metric, summary: { confidence } }: DescribedMetric,
): string {
  const repeats = countRepeats(metric);
  const test =
    repeats === 1
      ? (metric.onImages ?? metric.perRepeat.find((result) => result !== null) ?? null)
      : metric.overRepeats;
  const size =
    metric.mean! === 0
      ? 'equal to'
      : `${formatPercent(Math.abs(metric.mean!))} percentage points ${metric.mean! < 0 ? 'lower than' : 'higher than'}`;
  const interval =
    hasFewRepeats(metric) || test === null || test.lower === null || test.upper === null
      ? ''
      : ` (${100 * confidence} % confidence interval of the difference ${formatPointDifference(test.lower)} to ${formatPointDifference(test.upper)})`;
  const single = hasFewRepeats(metric) ? ` (in single repeats ${listDifferences(metric)})` : '';
  const mean = `mean ${name.replace('mean ', '')}`;
  const subject = repeats === 1 ? `The ${name}` : `Over ${repeats} repeats, the ${mean}`;
  const verdict = repeats === 1 ? oneTrainingVerdict(test) : verdictText(metric);
  return `${subject} of ${title} is ${size} that of ${baseline}${interval}${single}. ${verdict}`;
}

function oneTrainingVerdict(result: DifferenceTest | null): string {
  const pValue = result?.adjusted ?? result?.pValue ?? null;
  if (result === null || pValue === null)
    return 'No test can show whether the difference is statistically significant.';
  return `The difference is ${pValue < 0.05 ? '' : 'not '}statistically significant (${testNames[result.test]}, ${formatPStatement(pValue)}).`;
}

function verdictText({ verdict, because }: MetricComparison): string {
  if (verdict === 'significant' || verdict === 'not significant')
    return `The difference is ${verdict === 'significant' ? '' : 'not '}statistically significant (${because}).`;
  return `It cannot be determined whether the difference is statistically significant: ${because}.`;
}

/** Sentence parts for one model and for several models with the same verdict. */
const verdictGroups: readonly (readonly [Verdict, one: string, several: string])[] = [
  [
    'significant',
    'differs significantly in AUC from its baseline',
    'differ significantly in AUC from their baselines',
  ],
  ['not significant', 'does not differ significantly', 'do not differ significantly'],
  ['too few repeats', 'has too few repeats to decide', 'have too few repeats to decide'],
  ['undefined', 'cannot be compared', 'cannot be compared'],
];

function countVerdicts(compared: readonly ComparedRow[]): string {
  const groups = verdictGroups.flatMap(([verdict, one, several]) => {
    const rows = compared.filter(({ auc }) => auc.verdict === verdict);
    if (rows.length === 0) return [];
    const models = rows.map(({ title, auc }) => `${title} (${formatPointDifference(auc.mean)})`);
    return [`${rows.length} ${rows.length === 1 ? one : several}: ${models.join(', ')}`];
  });
  return `Of ${compared.length} models, ${groups.join('; ')}. Differences in AUC are in percentage points.`;
}

const SHARED_TRAINING_IMAGES =
  'The test takes into account that the repeats share training images.';

function describeLimits({ repeats }: ExperimentSummary, comparisons: number): string {
  const repeated = {
    splits: SHARED_TRAINING_IMAGES,
    folds: SHARED_TRAINING_IMAGES,
    seeds:
      'All repeats share one split, so a different choice of test images may give a different result.',
    images: 'The repeats share no images.',
  }[repeats.kind];
  const adjusted =
    comparisons > 1 ? ` P values are adjusted for ${comparisons} comparisons (Holm).` : '';
  return `${repeated}${adjusted} These results apply to this data set and these settings only.`;
}
