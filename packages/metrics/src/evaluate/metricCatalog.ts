import { InputError, unknownName } from '@nonlocal-med/core';
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
import { aucAverages, classAuc } from '../ranking/rocAuc.js';
import type { ScoredSamples } from '../sample/scoredSamples.js';
import type { Metric } from '../sample/weighting.js';

const metrics = {
  /** Macro one-vs-rest. */
  auc: () => (weighting) => aucAverages.macro(weighting.areas()),
  aucWeighted: () => (weighting) => aucAverages.weighted(weighting.areas()),
  aucHandTill: () => (weighting) => aucAverages['hand-till'](weighting.areas()),
  /** Top-1. */
  accuracy: fromMatrix((matrix) => accuracy(matrix)),
  /** The paper's Eq. 5, averaged over classes. */
  accuracyOneVsRest: fromMatrix((matrix) => accuracy(matrix, { reading: 'one-vs-rest' })),
  sensitivity: fromMatrix((matrix) => sensitivity(matrix)),
  specificity: fromMatrix((matrix) => specificity(matrix)),
  precision: fromMatrix((matrix) => precision(matrix)),
  f1: fromMatrix((matrix) => f1(matrix)),
  balancedAccuracy: fromMatrix((matrix) => balancedAccuracy(matrix)),
  cohenKappa: fromMatrix(cohenKappa),
  quadraticKappa: fromMatrix(quadraticKappa),
  matthews: fromMatrix(matthews),
  /** Mean over classes; with two classes that of the second. */
  averagePrecision: (samples) => {
    const classes = Array.from({ length: samples.classes }, (_, c) =>
      classAveragePrecision(c)(samples),
    ).slice(samples.classes === 2 ? 1 : 0);
    return (weighting) => meanOfDefined(classes.length, (c) => classes[c](weighting));
  },
  logLoss: fromLosses(sampleLogLoss),
  brierScore: fromLosses(sampleBrier),
  /** Expected calibration error over 15 bins of equal width. */
  calibrationError: (samples) => {
    const bins = confidenceBins(samples, 15, 'equal-width');
    return ({ weights }) => calibrationErrors(reliability(samples, bins, weights)).expected;
  },
} as const satisfies Record<string, Metric>;

const classMetrics = {
  auc:
    (classIndex: number): Metric =>
    () =>
    (weighting) =>
      classAuc(weighting.areas(), classIndex),
  sensitivity: fromClassCounts(sensitivity),
  specificity: fromClassCounts(specificity),
  precision: fromClassCounts(precision),
  f1: fromClassCounts(f1),
  averagePrecision: classAveragePrecision,
} as const satisfies Record<string, (classIndex: number) => Metric>;

/** Names of the metrics over all classes, as reports and tables use them. */
export type MetricName = keyof typeof metrics;

/** Names of the metrics of one class against the rest. */
export type ClassMetricName = keyof typeof classMetrics;

/** Every {@link MetricName}, in the order of reports. */
export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** Every {@link ClassMetricName}, in the order of reports. */
export const classMetricNames = Object.keys(classMetrics) as readonly ClassMetricName[];

/**
 * The metric with a name; a custom metric passes through.
 * @throws InputError that lists the names when one is unknown
 */
export function metricOf(metric: MetricName | Metric): Metric {
  if (typeof metric === 'function') return metric;
  if (Object.hasOwn(metrics, metric)) return metrics[metric];
  throw new InputError(
    unknownName({ path: 'metric', kind: 'metric', name: String(metric), known: metricNames }),
  );
}

/** A metric of a report: over all classes, or of one. */
export type ReportedMetric = { readonly metric: Metric } & (
  | { readonly name: MetricName; readonly classIndex?: undefined }
  | { readonly name: ClassMetricName; readonly classIndex: number }
);

/** Every metric of a report over a number of classes, in a fixed order. */
export function reportedMetrics(classes: number): ReportedMetric[] {
  return [
    ...metricNames.map((name) => ({ name, metric: metricOf(name) })),
    ...Array.from({ length: classes }, (_, classIndex) =>
      classMetricNames.map((name) => ({
        name,
        classIndex,
        metric: classMetrics[name](classIndex),
      })),
    ).flat(),
  ];
}

function fromMatrix(value: (matrix: ConfusionMatrix) => number | null): Metric {
  return () => (weighting) => value(weighting.matrix());
}

function fromClassCounts(
  value: (matrix: ConfusionMatrix, choice: ClassChoice) => number | null,
): (classIndex: number) => Metric {
  return (classIndex) => () => (weighting) => value(weighting.matrix(), { of: classIndex });
}

function fromLosses(losses: (samples: ScoredSamples) => Float64Array): Metric {
  return (samples) => {
    const values = losses(samples);
    return ({ weights }) => weightedMean(values, weights);
  };
}

function classAveragePrecision(classIndex: number): Metric {
  return (samples) => {
    const order = samples.order(classIndex);
    const isPositive = Uint8Array.from(samples.labels, (label) => (label === classIndex ? 1 : 0));
    return ({ weights }) => orderedAveragePrecision(order, isPositive, weights);
  };
}
