import type { FindingMetricName, FindingsComparison, FindingsReport } from '@nonlocal-med/metrics';
import { differenceIn } from '../statistics/differenceTest.js';
import { formatDifference, formatEstimate, formatPValue } from './numberText.js';
import type { Table } from './table.js';

/** A column of a table of findings. */
interface FindingColumn {
  readonly title: string;
  readonly metric: FindingMetricName;
}

const areas: readonly FindingColumn[] = [
  { title: 'AUC', metric: 'auc' },
  { title: 'average precision', metric: 'averagePrecision' },
];

const calls: readonly FindingColumn[] = [
  { title: 'sensitivity', metric: 'sensitivity' },
  { title: 'specificity', metric: 'specificity' },
];

/** Name of the row with the means over the findings. */
const MEAN = 'mean of findings';

/** Name of the row with the metrics over all known labels together. */
const ALL = 'all labels';

/**
 * The results of single findings with their intervals, as two tables that fit a terminal: AUC and average precision with
 * the number of positive among the known labels, their mean (macro) and those over all labels (micro); then sensitivity and
 * specificity at the threshold of each finding.
 * @example
 * ```ts
 * import { evaluateFindings } from '@nonlocal-med/metrics';
 * import { findingTables } from '@nonlocal-med/report';
 *
 * const report = evaluateFindings({
 *   findings: ['effusion', 'mass'],
 *   ids: ['a', 'b', 'c', 'd'],
 *   labels: Int32Array.of(1, 0, 0, 0, 1, -1, 0, 1), // [4, 2]
 *   probabilities: Float64Array.of(0.8, 0.2, 0.3, 0.1, 0.4, 0.9, 0.6, 0.3), // [4, 2]
 * });
 * const [areas, calls] = findingTables(report);
 * console.log(areas.rows[1].slice(0, 2).join(', ')); // mass, 1 of 3
 * console.log(calls.rows[1][3]); // 1.000 (0.34 to 1.00)
 * ```
 */
export function findingTables(report: FindingsReport): readonly [areas: Table, calls: Table] {
  const { perFinding, macro, micro } = report;
  const right = (titles: readonly string[]): Table['columns'] =>
    titles.map((title) => ({ title, align: 'right' }));
  const total = perFinding.reduce(
    (sum, { positives, negatives }) => ({
      positives: sum.positives + positives,
      known: sum.known + positives + negatives,
    }),
    { positives: 0, known: 0 },
  );
  return [
    {
      columns: [{ title: 'finding' }, ...right(['positive', ...areas.map(({ title }) => title)])],
      rows: [
        ...perFinding.map((found) => [
          found.finding,
          `${found.positives} of ${found.positives + found.negatives}`,
          ...areas.map(({ metric }) => formatEstimate(found[metric])),
        ]),
        [MEAN, '', ...areas.map(({ metric }) => formatEstimate(macro[metric]))],
        [
          ALL,
          `${total.positives} of ${total.known}`,
          formatEstimate(micro.auc),
          formatEstimate(micro.averagePrecision),
        ],
      ],
    },
    {
      columns: [{ title: 'finding' }, ...right(['threshold', ...calls.map(({ title }) => title)])],
      rows: [
        ...perFinding.map((found) => [
          found.finding,
          String(Number(found.threshold.toFixed(4))),
          ...calls.map(({ metric }) => formatEstimate(found[metric])),
        ]),
        [MEAN, '', ...calls.map(({ metric }) => formatEstimate(macro[metric]))],
      ],
    },
  ];
}

/**
 * The AUC of each finding of two models, with the difference (second minus first), its paired bootstrap interval and the p
 * value, adjusted by Holm for the number of findings.
 * @param names the first and the second model
 * @param comparison the second model (A) compared with the first (B)
 * @param adjusted adjusted p values of the findings; default: those of the comparison
 */
export function findingDifferences(
  [first, second]: readonly [string, string],
  comparison: FindingsComparison,
  adjusted: readonly (number | null)[] = comparison.perFinding.map(
    ({ aucAdjusted }) => aucAdjusted,
  ),
): Table {
  return {
    columns: [
      { title: 'AUC' },
      ...[first, second, 'difference', 'p (Holm)'].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    rows: comparison.perFinding.map(({ finding, auc }, f) => [
      finding,
      auc.aucB?.toFixed(3) ?? '-',
      auc.aucA?.toFixed(3) ?? '-',
      formatDifference(differenceIn(comparison, `auc of ${finding}`) ?? auc),
      formatPValue(adjusted[f]),
    ]),
  };
}
