/** What can be said about decisions without probabilities, such as those of a human reader. */
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

const REASON = 'only decisions are given, no probabilities';
const notDefined: MetricEstimate = { value: null, undefinedBecause: REASON };

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
    delong: {
      ...report.delong,
      auc: null,
      standardError: null,
      lower: null,
      upper: null,
      undefinedBecause: REASON,
    },
  };
}

/**
 * A comparison without the metrics that need probabilities. The value of a model that has probabilities stays.
 * @param decisionsOnly whether A, and whether B, has decisions only
 */
export function comparisonWithoutProbabilities(
  comparison: PredictionComparison,
  decisionsOnly: { readonly a: boolean; readonly b: boolean },
): PredictionComparison {
  const nothing = {
    difference: null,
    standardError: null,
    pValue: null,
    lower: null,
    upper: null,
    undefinedBecause: REASON,
  };
  const { auc, metrics } = comparison;
  return {
    ...comparison,
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, difference]): [string, BootstrapComparison] => [
        name,
        probabilityMetrics.includes(name as MetricName)
          ? {
              ...difference,
              a: decisionsOnly.a ? null : difference.a,
              b: decisionsOnly.b ? null : difference.b,
              ...nothing,
            }
          : difference,
      ]),
    ),
    auc: {
      ...auc,
      aucA: decisionsOnly.a ? null : auc.aucA,
      aucB: decisionsOnly.b ? null : auc.aucB,
      z: null,
      ...nothing,
    },
  };
}
