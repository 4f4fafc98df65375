import type { MetricName } from '@nonlocal-med/metrics';

/** The metrics of `@nonlocal-med/metrics` that validation reports unless told otherwise. */
export const classifierMetrics = [
  'auc',
  'accuracy',
  'accuracyOneVsRest',
  'sensitivity',
  'specificity',
  'f1',
  'quadraticKappa',
] as const satisfies readonly MetricName[];

/** Values that `selection` and `earlyStopping.metric` may have then: those metrics, and the mean cross-entropy. */
export const validationMetrics: readonly string[] = [...classifierMetrics, 'loss'];
