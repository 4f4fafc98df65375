import type { TaskComparison } from '@nonlocal-med/metrics';
import { comparisonPValue, differenceIn } from '../statistics/differenceTest.js';
import { shownMetricsOf } from './evaluationTable.js';
import { formatDifference, formatPValue } from './numberText.js';
import type { Table } from './table.js';

/**
 * Two models side by side, one row per metric, with the difference (second minus first), its paired bootstrap interval
 * and a p value.
 * @param names the first and the second model
 * @param comparison the second model (A) compared with the first (B)
 * @param options.ordered whether the classes are grades with an order, which have a quadratic kappa; default false
 * @example
 * ```ts
 * import { comparePredictions } from '@nonlocal-med/metrics';
 * import { comparisonTable } from '@nonlocal-med/report';
 *
 * const model = (lesion) => ({
 *   classes: ['healthy', 'lesion'],
 *   ids: lesion.map((_, i) => `image-${i}`),
 *   labels: Int32Array.from(lesion, (_, i) => i % 2),
 *   probabilities: Float64Array.from(lesion.flatMap((p) => [1 - p, p])),
 * });
 * const baseline = model([0.2, 0.4, 0.6, 0.5, 0.7, 0.8]);
 * const method = model([0.1, 0.8, 0.3, 0.4, 0.2, 0.9]);
 * const comparison = comparePredictions(method, baseline, { resamples: 100 });
 * const [auc] = comparisonTable(['baseline', 'method'], comparison).rows;
 * console.log(auc.slice(0, 3).join(' | ')); // AUC | 0.556 | 1.000
 * ```
 */
export function comparisonTable(
  [first, second]: readonly [string, string],
  comparison: TaskComparison,
  { ordered = false }: { readonly ordered?: boolean } = {},
): Table {
  return {
    columns: [
      { title: 'metric' },
      ...[first, second, 'difference', 'p'].map((title) => ({ title, align: 'right' as const })),
    ],
    rows: shownMetricsOf(comparison, ordered).map(([title, name]) => {
      const row = differenceIn(comparison, name);
      if (row === undefined) return [title, '-', '-', '-', '-'];
      return [
        title,
        row.b?.toFixed(3) ?? '-',
        row.a?.toFixed(3) ?? '-',
        formatDifference(row),
        formatPValue(comparisonPValue(comparison, name)),
      ];
    }),
  };
}
