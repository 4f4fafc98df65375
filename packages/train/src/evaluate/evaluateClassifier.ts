import type { Predictions } from '@nonlocal-med/core';
import { evaluatePredictions } from '@nonlocal-med/metrics';
import { classifierMetrics } from './validationMetrics.js';

/**
 * Validation metrics by name: macro AUC, accuracy in both readings (top-1; the paper's one-vs-rest), macro sensitivity,
 * specificity and F1, quadratic kappa. Null where one is not defined, such as the AUC of a single class.
 */
export function evaluateClassifier(predictions: Predictions): Record<string, number | null> {
  const { metrics } = evaluatePredictions(predictions);
  return Object.fromEntries(classifierMetrics.map((name) => [name, metrics[name].value]));
}
