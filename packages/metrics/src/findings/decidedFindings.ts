/** What can be said about calls of findings without probabilities, such as those of a human reader. */
import {
  type DecisionsOnly,
  notDefined,
  undefinedAucDifference,
  undefinedDifference,
  withoutAuc,
} from '../evaluate/decisionsOnly.js';
import type { FindingsComparison } from './compareFindings.js';
import type { FindingMetricName, FindingsReport } from './findingsReport.js';

/** Metrics that need probabilities: calls have no order and no confidence. */
const probabilityMetrics: readonly FindingMetricName[] = [
  'auc',
  'averagePrecision',
  'brierScore',
  'calibrationError',
];

const without = <T extends object>(estimates: T): T => ({
  ...estimates,
  ...Object.fromEntries(
    probabilityMetrics.filter((name) => name in estimates).map((name) => [name, notDefined]),
  ),
});

/** A report without the metrics that calls alone do not have; each says why it is missing. */
export const findingsWithoutProbabilities = (report: FindingsReport): FindingsReport => ({
  ...report,
  perFinding: report.perFinding.map((found) => ({
    ...without(found),
    delong: withoutAuc(found.delong),
  })),
  macro: without(report.macro),
  micro: without(report.micro),
});

/** A comparison without the metrics that need probabilities. The value of a model that has probabilities stays. */
export const findingsComparisonWithoutProbabilities = (
  comparison: FindingsComparison,
  decisionsOnly: DecisionsOnly,
): FindingsComparison => ({
  ...comparison,
  metrics: Object.fromEntries(
    Object.entries(comparison.metrics).map(([name, difference]) => [
      name,
      needsProbabilities(name) && difference !== undefined
        ? undefinedDifference(difference, decisionsOnly)
        : difference,
    ]),
  ),
  auc: undefinedAucDifference(comparison.auc, decisionsOnly),
  perFinding: comparison.perFinding.map((found) => ({
    ...found,
    auc: undefinedAucDifference(found.auc, decisionsOnly),
    aucAdjusted: null,
  })),
});

/** `auc`, `micro auc`, `auc of effusion`. */
const needsProbabilities = (statistic: string): boolean =>
  probabilityMetrics.some((name) => name === statistic.replace(/^micro /, '').split(' of ', 1)[0]);
