import { InputError, suggestName } from '@nonlocal-med/core';
import { accuracy } from '../confusion/accuracy.js';
import { balancedAccuracy } from '../confusion/balancedAccuracy.js';
import { cohenKappa } from '../confusion/cohenKappa.js';
import type { ConfusionMatrix } from '../confusion/confusionMatrix.js';
import { f1 } from '../confusion/f1.js';
import { matthews } from '../confusion/matthews.js';
import { meanOfDefined } from '../confusion/meanOfDefined.js';
import { precision } from '../confusion/precision.js';
import { quadraticKappa } from '../confusion/quadraticKappa.js';
import { sensitivity } from '../confusion/sensitivity.js';
import { specificity } from '../confusion/specificity.js';
import { calibrationErrors } from '../probability/calibrationErrors.js';
import { confidenceBins } from '../probability/confidenceBins.js';
import { reliability } from '../probability/reliability.js';
import { sampleBrier } from '../probability/sampleBrier.js';
import { sampleLogLoss } from '../probability/sampleLogLoss.js';
import { weightedMean } from '../probability/weightedMean.js';
import { handTillAuc } from '../ranking/handTillAuc.js';
import { macroAuc } from '../ranking/macroAuc.js';
import { prevalenceAuc } from '../ranking/prevalenceAuc.js';
import type { Metric } from '../sample/metric.js';
import type { ScoredSamples } from '../sample/scoredSamples.js';
import { classAveragePrecision } from './classMetricCatalogue.js';

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

const catalogue = {
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
export type MetricName = keyof typeof catalogue;

/** Every {@link MetricName}, in the order of reports. */
export const metricNames = Object.keys(catalogue) as readonly MetricName[];

/**
 * The metric of a name; a metric of the caller's own passes through.
 * @throws InputError that lists the names when one is unknown.
 */
export function metricOf(metric: MetricName | Metric): Metric {
  if (typeof metric === 'function') return metric;
  if (Object.hasOwn(catalogue, metric)) return catalogue[metric];
  const near = suggestName(metric, metricNames);
  throw new InputError({
    path: 'metric',
    message: `unknown metric "${String(metric)}"`,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${metricNames.join(', ')}`,
  });
}
