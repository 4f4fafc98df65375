import { InputError, suggestName } from '@nonlocal-med/core';
import { cohenKappa, matthews, quadraticKappa } from '../confusion/agreement.js';
import { meanOfDefined, weightedMean } from '../confusion/averages.js';
import type { ConfusionMatrix } from '../confusion/confusionMatrix.js';
import {
  accuracy,
  balancedAccuracy,
  type ClassChoice,
  f1,
  precision,
  sensitivity,
  specificity,
} from '../confusion/rates.js';
import { calibrationErrors, confidenceBins, reliability } from '../probability/calibration.js';
import { sampleBrier, sampleLogLoss } from '../probability/scoringRules.js';
import { orderedAveragePrecision } from '../ranking/precisionRecall.js';
import { classAuc, handTillAuc, macroAuc, prevalenceAuc } from '../ranking/rocAuc.js';
import type { ScoredSamples } from '../sample/scoredSamples.js';
import type { Metric } from '../sample/weighting.js';

const ofMatrix =
  (value: (matrix: ConfusionMatrix) => number | null): Metric =>
  () =>
  (weighting) =>
    value(weighting.matrix());
const ofLosses =
  (losses: (samples: ScoredSamples) => Float64Array): Metric =>
  (samples) => {
    const values = losses(samples);
    return ({ weights }) => weightedMean(values, weights);
  };

const metricCatalog = {
  /** Macro one-vs-rest. */
  auc: () => (weighting) => macroAuc(weighting.areas()),
  aucWeighted: () => (weighting) => prevalenceAuc(weighting.areas()),
  aucHandTill: () => (weighting) => handTillAuc(weighting.areas()),
  /** Top-1. */
  accuracy: ofMatrix((matrix) => accuracy(matrix)),
  /** The paper's Eq. 5, averaged over classes. */
  accuracyOneVsRest: ofMatrix((matrix) => accuracy(matrix, { reading: 'one-vs-rest' })),
  sensitivity: ofMatrix((matrix) => sensitivity(matrix)),
  specificity: ofMatrix((matrix) => specificity(matrix)),
  precision: ofMatrix((matrix) => precision(matrix)),
  f1: ofMatrix((matrix) => f1(matrix)),
  balancedAccuracy: ofMatrix((matrix) => balancedAccuracy(matrix)),
  cohenKappa: ofMatrix(cohenKappa),
  quadraticKappa: ofMatrix(quadraticKappa),
  matthews: ofMatrix(matthews),
  /** Mean over classes; with two classes that of the second. */
  averagePrecision: (samples) => {
    const classes = Array.from({ length: samples.classes }, (_, c) =>
      classAveragePrecision(c)(samples),
    ).slice(samples.classes === 2 ? 1 : 0);
    return (weighting) => meanOfDefined(classes.length, (c) => classes[c](weighting));
  },
  logLoss: ofLosses(sampleLogLoss),
  brierScore: ofLosses(sampleBrier),
  /** Expected calibration error over 15 bins of equal width. */
  calibrationError: (samples) => {
    const bins = confidenceBins(samples, 15, 'equal-width');
    return ({ weights }) => calibrationErrors(reliability(samples, bins, weights)).expected;
  },
} as const satisfies Record<string, Metric>;

/** Metrics of all classes together, by the names that reports and tables use. */
export type MetricName = keyof typeof metricCatalog;

/** Every {@link MetricName}, in the order of reports. */
export const metricNames = Object.keys(metricCatalog) as readonly MetricName[];

/**
 * The metric of a name; a metric of the caller's own passes through.
 * @throws InputError that lists the names when one is unknown.
 */
export function metricOf(metric: MetricName | Metric): Metric {
  if (typeof metric === 'function') return metric;
  if (Object.hasOwn(metricCatalog, metric)) return metricCatalog[metric];
  const near = suggestName(metric, metricNames);
  throw new InputError({
    path: 'metric',
    message: `unknown metric "${String(metric)}"`,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${metricNames.join(', ')}`,
  });
}

/** Average precision of one class against the rest. */
const classAveragePrecision =
  (classIndex: number): Metric =>
  (samples) => {
    const order = samples.order(classIndex);
    const isPositive = Uint8Array.from(samples.labels, (label) => (label === classIndex ? 1 : 0));
    return ({ weights }) => orderedAveragePrecision(order, isPositive, weights);
  };

const ofClassCounts =
  (value: (matrix: ConfusionMatrix, choice: ClassChoice) => number | null) =>
  (classIndex: number): Metric =>
  () =>
  (weighting) =>
    value(weighting.matrix(), { of: classIndex });

/** Metrics of one class against the rest, by the names that reports use. */
const classMetricCatalog = {
  auc:
    (classIndex: number): Metric =>
    () =>
    (weighting) =>
      classAuc(weighting.areas(), classIndex),
  sensitivity: ofClassCounts(sensitivity),
  specificity: ofClassCounts(specificity),
  precision: ofClassCounts(precision),
  f1: ofClassCounts(f1),
  averagePrecision: classAveragePrecision,
} as const satisfies Record<string, (classIndex: number) => Metric>;

/** Names of the metrics of one class. */
export type ClassMetricName = keyof typeof classMetricCatalog;

/** A metric of a report: of all classes together, or of one. */
type ReportedMetric = { readonly metric: Metric } & (
  | { readonly name: MetricName; readonly classIndex?: undefined }
  | { readonly name: ClassMetricName; readonly classIndex: number }
);

/** Names of the metrics of one class, in the order of reports. */
export const classMetricNames = Object.keys(classMetricCatalog) as readonly ClassMetricName[];

/** Every metric of a report over some number of classes, in a fixed order. */
export function reportedMetrics(classes: number): ReportedMetric[] {
  return [
    ...metricNames.map((name) => ({ name, metric: metricOf(name) })),
    ...Array.from({ length: classes }, (_, classIndex) =>
      classMetricNames.map((name) => ({
        name,
        classIndex,
        metric: classMetricCatalog[name](classIndex),
      })),
    ).flat(),
  ];
}
