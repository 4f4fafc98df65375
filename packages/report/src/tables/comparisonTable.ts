import type { PredictionComparison } from '@nonlocal-med/metrics';
import { comparisonPValue } from './comparisonPValue.js';
import { differenceText } from './differenceText.js';
import { pValueText } from './pValueText.js';
import { shownMetrics } from './shownMetrics.js';
import type { Table } from './table.js';

/**
 * Two models side by side, one metric a row, with the difference (second minus first), its interval by paired bootstrap
 * and a p-value: DeLong's test for the AUC, McNemar's mid-p for top-1 accuracy, the bootstrap's for the rest.
 * @param names of the first and the second model; `comparison` is of the second (A) against the first (B).
 */
export function comparisonTable(
  [first, second]: readonly [string, string],
  comparison: PredictionComparison,
): Table {
  return {
    columns: [
      { title: 'metric' },
      ...[first, second, 'difference', 'p'].map((title) => ({ title, align: 'right' as const })),
    ],
    rows: shownMetrics.map(([title, name]) => {
      const row = comparison.metrics[name];
      if (row === undefined) return [title, '-', '-', '-', '-'];
      return [
        title,
        decimals(row.b),
        decimals(row.a),
        differenceText(row),
        pValueText(comparisonPValue(comparison, name)),
      ];
    }),
  };
}

const decimals = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
