import type { ClassChoice } from '../confusion/classMetric.js';
import type { ConfusionMatrix } from '../confusion/confusionMatrix.js';
import { f1 } from '../confusion/f1.js';
import { precision } from '../confusion/precision.js';
import { sensitivity } from '../confusion/sensitivity.js';
import { specificity } from '../confusion/specificity.js';
import { classAuc } from '../ranking/classAuc.js';
import { orderedAveragePrecision } from '../ranking/orderedAveragePrecision.js';
import type { Metric } from '../sample/metric.js';

/** Average precision of one class against the rest. */
export const classAveragePrecision =
  (classIndex: number): Metric =>
  (samples) => {
    const order = samples.order(classIndex);
    const isPositive = Uint8Array.from(samples.labels, (label) => (label === classIndex ? 1 : 0));
    return ({ weights }) => orderedAveragePrecision(order, isPositive, weights);
  };

const ofMatrix =
  (value: (matrix: ConfusionMatrix, choice: ClassChoice) => number | null) =>
  (classIndex: number): Metric =>
  () =>
  (weighting) =>
    value(weighting.matrix(), { of: classIndex });

/** Metrics of one class against the rest, by the names that reports use. */
export const classMetricCatalogue = {
  auc:
    (classIndex: number): Metric =>
    () =>
    (weighting) =>
      classAuc(weighting.areas(), classIndex),
  sensitivity: ofMatrix(sensitivity),
  specificity: ofMatrix(specificity),
  precision: ofMatrix(precision),
  f1: ofMatrix(f1),
  averagePrecision: classAveragePrecision,
} as const satisfies Record<string, (classIndex: number) => Metric>;

/** Names of the metrics of one class. */
export type ClassMetricName = keyof typeof classMetricCatalogue;
