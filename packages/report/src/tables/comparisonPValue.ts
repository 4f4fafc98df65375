import type { MetricName, PredictionComparison } from '@nonlocal-med/metrics';

/** The p-value of a metric's difference: DeLong's test for the AUC, McNemar's mid-p for top-1 accuracy, the paired bootstrap's for the rest. */
export function comparisonPValue(
  { metrics, auc, accuracy }: PredictionComparison,
  name: MetricName,
): number | null {
  if (name === 'auc') return auc.pValue;
  return name === 'accuracy' && accuracy !== null
    ? accuracy.midPValue
    : (metrics[name]?.pValue ?? null);
}
