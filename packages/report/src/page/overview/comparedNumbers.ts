import { count } from '@nonlocal-med/core';
import type {
  DifferenceTest,
  ExperimentSummary,
  MetricComparison,
  RowSummary,
} from '../../statistics/experimentSummary.js';
import { hasFewRepeats } from '../../statistics/fewRepeats.js';
import { formatPointDifference } from '../../tables/numberText.js';
import { averageNumber, type KeyNumber } from './keyNumber.js';

/** Key numbers of several models: of two, both AUCs and the differences; of more, the one that differs most. */
export function comparedNumbers(
  summary: ExperimentSummary,
  rows: readonly RowSummary[],
): KeyNumber[] {
  const auc = summary.task === 'multilabel' ? 'Mean AUC' : 'AUC';
  const compared = rows.filter(({ comparison }) => (comparison?.repeats.length ?? 0) > 0);
  if (compared.length === 0)
    return rows
      .slice(0, 4)
      .map((row) => averageNumber(row, { name: 'auc', title: auc, note: row.title }));
  const [shown] = [...compared].sort((a, b) => differenceOf(b) - differenceOf(a));
  const baseline = rows.find(({ key }) => key === shown.comparison!.baseline);
  const { metrics } = shown.comparison!;
  const many = compared.length > 1;
  const significant = compared.filter(
    ({ comparison }) => comparison!.metrics.auc.verdict === 'significant',
  );
  return [
    ...(baseline === undefined
      ? []
      : [
          averageNumber(baseline, {
            name: 'auc',
            title: auc,
            note: `${baseline.title}, the baseline`,
          }),
        ]),
    averageNumber(shown, {
      name: 'auc',
      title: auc,
      note: many ? `${shown.title}, with the largest gain` : shown.title,
    }),
    differenceNumber(`Difference in ${auc}`, metrics.auc),
    many
      ? {
          title: 'Significant differences',
          value: `${significant.length} of ${compared.length}`,
          interval: null,
          note: `${count(compared.length, 'model')} compared with a baseline in AUC`,
        }
      : differenceNumber('Difference in sensitivity', metrics.sensitivity),
  ];
}

const differenceOf = ({ comparison }: RowSummary): number =>
  comparison!.metrics.auc.mean ?? -Infinity;

/** The mean difference in percentage points, with the interval of the test that decides. */
function differenceNumber(title: string, comparison: MetricComparison): KeyNumber {
  if (comparison.mean === null)
    return {
      title,
      value: '–',
      interval: null,
      note: comparison.overRepeats.undefinedBecause ?? 'not defined',
    };
  const test = decidingTest(comparison);
  const hasInterval = test !== null && test.lower !== null && test.upper !== null;
  return {
    title,
    value: `${formatPointDifference(comparison.mean)} points`,
    interval: hasInterval
      ? `${formatPointDifference(test.lower)} to ${formatPointDifference(test.upper)}`
      : null,
    note: hasInterval ? 'percentage points' : 'too few repeats for an interval',
  };
}

function decidingTest(comparison: MetricComparison): DifferenceTest | null {
  if (hasFewRepeats(comparison)) return null;
  const { differences, onImages, perRepeat, overRepeats } = comparison;
  const repeats = differences.filter((difference) => difference !== null).length;
  return repeats === 1
    ? (onImages ?? perRepeat.find((test) => test !== null) ?? null)
    : overRepeats;
}
