/** What can be said about decisions without probabilities, such as those of a human reader. */
import type { AucInterval } from '../delong/delongInterval.js';
import type { AucComparison } from '../delong/delongTest.js';
import type { BootstrapComparison } from '../resampling/bootstrapDifference.js';
import type { PredictionComparison } from './comparePredictions.js';
import type { EvaluationReport, MetricEstimate } from './evaluationReport.js';
import type { ClassMetricName, MetricName } from './metricCatalog.js';

/** Metrics over all classes that need probabilities: decisions have no order and no confidence. */
const probabilityMetrics: readonly MetricName[] = [
  'auc',
  'aucWeighted',
  'aucHandTill',
  'averagePrecision',
  'logLoss',
  'brierScore',
  'calibrationError',
];

/** The same of a single class. */
const classProbabilityMetrics: readonly ClassMetricName[] = ['auc', 'averagePrecision'];

/** Why a metric is missing. */
const REASON = 'only decisions are given, no probabilities';

/** A metric that decisions alone do not have. */
export const notDefined: MetricEstimate = { value: null, undefinedBecause: REASON };

/** An AUC with its interval by formula, which decisions alone do not have. */
export const withoutAuc = (interval: AucInterval): AucInterval => ({
  ...interval,
  auc: null,
  standardError: null,
  lower: null,
  upper: null,
  undefinedBecause: REASON,
});

/** A report without the metrics that decisions alone do not have; each says why it is missing. */
export function withoutProbabilities(report: EvaluationReport): EvaluationReport {
  const without = <T extends object>(estimates: T, names: readonly string[]): T => ({
    ...estimates,
    ...Object.fromEntries(names.map((name) => [name, notDefined])),
  });
  return {
    ...report,
    metrics: without(report.metrics, probabilityMetrics),
    perClass: report.perClass.map((entry) => without(entry, classProbabilityMetrics)),
    delong: withoutAuc(report.delong),
  };
}

/** Whether each of two compared models has decisions only. */
export interface DecisionsOnly {
  readonly a: boolean;
  readonly b: boolean;
}

const noDifference = {
  difference: null,
  standardError: null,
  pValue: null,
  lower: null,
  upper: null,
  undefinedBecause: REASON,
};

/** A difference in a metric that needs probabilities. The value of a model that has probabilities stays. */
export const undefinedDifference = (
  difference: BootstrapComparison,
  { a, b }: DecisionsOnly,
): BootstrapComparison => ({
  ...difference,
  a: a ? null : difference.a,
  b: b ? null : difference.b,
  ...noDifference,
});

/** The same of an AUC. */
export const undefinedAucDifference = (
  auc: AucComparison,
  { a, b }: DecisionsOnly,
): AucComparison => ({
  ...auc,
  aucA: a ? null : auc.aucA,
  aucB: b ? null : auc.aucB,
  z: null,
  ...noDifference,
});

/** A comparison without the metrics that need probabilities. */
export function comparisonWithoutProbabilities(
  comparison: PredictionComparison,
  decisionsOnly: DecisionsOnly,
): PredictionComparison {
  return {
    ...comparison,
    metrics: Object.fromEntries(
      Object.entries(comparison.metrics).map(
        ([name, difference]): [string, BootstrapComparison] => [
          name,
          probabilityMetrics.includes(name as MetricName)
            ? undefinedDifference(difference, decisionsOnly)
            : difference,
        ],
      ),
    ),
    auc: undefinedAucDifference(comparison.auc, decisionsOnly),
  };
}
