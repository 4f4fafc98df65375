import type { FindingPredictions, Task, TaskPredictions } from '@nonlocal-med/core';
import {
  evaluateFindings,
  evaluatePredictions,
  type FindingMetricName,
  logLoss,
  type MetricName,
} from '@nonlocal-med/metrics';

const classifierMetrics = [
  'auc',
  'accuracy',
  'accuracyOneVsRest',
  'sensitivity',
  'specificity',
  'f1',
  'quadraticKappa',
] as const satisfies readonly MetricName[];

const findingMetrics = [
  'auc',
  'averagePrecision',
  'sensitivity',
  'specificity',
  'f1',
] as const satisfies readonly FindingMetricName[];

/**
 * The default validation metrics, which `selection` and `earlyStopping.metric` may name: metrics of
 * `@nonlocal-med/metrics`, and the mean cross-entropy.
 */
const validationMetrics: readonly string[] = [...classifierMetrics, 'loss'];

/** The same for the task `multilabel`: means over the findings, the accuracy over all known labels, and the loss. */
const findingValidationMetrics: readonly string[] = [...findingMetrics, 'accuracy', 'loss'];

/** The default validation metrics of a task. */
export const metricsOfTask = (task: Task | undefined): readonly string[] =>
  task === 'multilabel' ? findingValidationMetrics : validationMetrics;

/**
 * Validation metrics by name: macro AUC, accuracy in both readings (top-1; the paper's one-vs-rest), macro sensitivity,
 * specificity and F1, quadratic kappa. Null where a metric is not defined, such as the AUC of a single class.
 *
 * Of several findings per image: AUC, average precision, sensitivity, specificity and F1, each the mean over the findings
 * for which it is defined, and the accuracy, which is the share of all known labels that are predicted; a finding is
 * predicted from a probability of 0.5 on.
 */
export function evaluateClassifier(predictions: TaskPredictions): Record<string, number | null> {
  if ('findings' in predictions) {
    const { macro } = evaluateFindings(predictions);
    return {
      ...Object.fromEntries(findingMetrics.map((name) => [name, macro[name].value])),
      accuracy: labelAccuracy(predictions),
    };
  }
  const { metrics } = evaluatePredictions(predictions);
  return Object.fromEntries(classifierMetrics.map((name) => [name, metrics[name].value]));
}

/** Share of the known labels that agree with the probability rounded at 0.5; null without a known label. */
function labelAccuracy({ labels, probabilities }: FindingPredictions): number | null {
  let [known, right] = [0, 0];
  labels.forEach((label, i) => {
    if (label < 0) return;
    known += 1;
    if ((probabilities[i] >= 0.5 ? 1 : 0) === label) right += 1;
  });
  return known === 0 ? null : right / known;
}

/**
 * Mean cross-entropy of predictions, without class weights: scikit-learn's `log_loss`, which counts a probability below
 * 2^-52 as 2^-52, so that the mean stays finite. Of findings: the mean binary cross-entropy of all known labels, without
 * positive weights. Null for no predictions, or none with a label.
 * @throws InputError when a sample has no label, unless it is the label of a finding.
 */
export function meanLoss(predictions: TaskPredictions): number | null {
  const { labels, probabilities } = predictions;
  if (!('findings' in predictions)) return logLoss(labels, probabilities);
  const known = [...labels.keys()].filter((i) => labels[i] >= 0);
  const pairs = known.flatMap((i) => [1 - probabilities[i], probabilities[i]]);
  return logLoss(
    known.map((i) => labels[i]),
    pairs,
  );
}
