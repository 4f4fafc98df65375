import type { Predictions } from '@nonlocal-med/core';
import { evaluatePredictions, logLoss, type MetricName } from '@nonlocal-med/metrics';

const classifierMetrics = [
  'auc',
  'accuracy',
  'accuracyOneVsRest',
  'sensitivity',
  'specificity',
  'f1',
  'quadraticKappa',
] as const satisfies readonly MetricName[];

/**
 * The default validation metrics, which `selection` and `earlyStopping.metric` may name: metrics of
 * `@nonlocal-med/metrics`, and the mean cross-entropy.
 */
export const validationMetrics: readonly string[] = [...classifierMetrics, 'loss'];

/**
 * Validation metrics by name: macro AUC, accuracy in both readings (top-1; the paper's one-vs-rest), macro sensitivity,
 * specificity and F1, quadratic kappa. Null where a metric is not defined, such as the AUC of a single class.
 */
export function evaluateClassifier(predictions: Predictions): Record<string, number | null> {
  const { metrics } = evaluatePredictions(predictions);
  return Object.fromEntries(classifierMetrics.map((name) => [name, metrics[name].value]));
}

/**
 * Mean cross-entropy of predictions, without class weights: scikit-learn's `log_loss`, which counts a probability below
 * 2^-52 as 2^-52, so that the mean stays finite. Null for no predictions.
 * @throws InputError when a sample has no label.
 */
export function meanLoss({ labels, probabilities }: Predictions): number | null {
  return logLoss(labels, probabilities);
}
