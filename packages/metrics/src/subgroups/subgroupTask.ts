import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import { aucInfluence, binaryInfluence } from '../delong/aucInfluence.js';
import type { IndependentAuc } from '../delong/unpairedDelongTest.js';
import { evaluatePredictions } from '../evaluate/evaluatePredictions.js';
import type { EvaluationOptions, EvaluationReport } from '../evaluate/evaluationReport.js';
import { reportedMetrics } from '../evaluate/metricCatalog.js';
import { evaluateFindings } from '../findings/evaluateFindings.js';
import {
  findingMetricNames,
  findingSamples,
  microMetricNames,
} from '../findings/findingSamples.js';
import type { FindingsReport } from '../findings/findingsReport.js';
import {
  findingStatisticNames,
  findingStatistics,
  prepareFindings,
} from '../findings/findingStatistics.js';
import { pickRows } from '../input/taskPredictions.js';
import type { WeightedStatistics } from '../resampling/bootstrap.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';
import type { SubgroupMetric, SubgroupSize } from './subgroupsReport.js';

/** Some samples of one task, as {@link evaluateSubgroups} needs them; metrics are always in the same order. */
export interface SubgroupSamples {
  readonly count: number;
  /** Patient of each sample, [count]; absent if each is one of its own. */
  readonly groups?: readonly string[];
  /** What samples are resampled within, [count]: their class, or nothing. */
  readonly strata: Int32Array;
  readonly sizes: readonly SubgroupSize[];
  /** Every metric with its interval. */
  evaluate(options: EvaluationOptions): {
    readonly metrics: readonly SubgroupMetric[];
    readonly bootstrap: EvaluationReport['bootstrap'];
  };
  /** The same metrics by weight. */
  readonly statistics: () => WeightedStatistics;
  /** What the AUC at a position is computed from; undefined for other metrics, and for means over findings. */
  auc(metric: Pick<SubgroupMetric, 'metric' | 'of'>): IndependentAuc | undefined;
  pick(rows: readonly number[]): SubgroupSamples;
}

/** Predictions of one class per image, or of several findings. */
export function subgroupSamples(predictions: Predictions | FindingPredictions): SubgroupSamples {
  return 'findings' in predictions ? ofFindings(predictions) : ofClasses(predictions);
}

function ofClasses(predictions: Predictions): SubgroupSamples {
  const { classes, labels, probabilities, groups } = predictions;
  return {
    count: labels.length,
    groups,
    strata: labels,
    sizes: classes.map((of, c) =>
      sizeOf(
        of,
        Array.from(labels, (label) => label === c),
        groups,
      ),
    ),
    evaluate(options) {
      const { metrics, perClass, bootstrap } = evaluatePredictions(predictions, options);
      return {
        metrics: reportedMetrics(classes.length).map((reported) =>
          reported.classIndex === undefined
            ? { metric: reported.name, of: null, ...metrics[reported.name] }
            : {
                metric: reported.name,
                of: classes[reported.classIndex],
                ...perClass[reported.classIndex][reported.name],
              },
        ),
        bootstrap,
      };
    },
    statistics() {
      const samples = scoreSamples(labels, probabilities, classes.length);
      const evaluators = reportedMetrics(classes.length).map(({ metric }) => metric(samples));
      return (weights) => {
        const weighting = weightSamples(samples, weights);
        return evaluators.map((evaluate) => evaluate(weighting));
      };
    },
    auc({ metric, of }) {
      if (metric !== 'auc' || labels.length === 0) return undefined;
      if (of === null)
        return {
          influence: aucInfluence(scoreSamples(labels, probabilities, classes.length)),
          labels,
        };
      // With two classes both have the AUC of the second, as in reports.
      const column = classes.length === 2 ? 1 : classes.indexOf(of);
      const isOne = labels.map((label) => (label === column ? 1 : 0));
      const scores = Float64Array.from(
        labels,
        (_, i) => probabilities[i * classes.length + column],
      );
      return { influence: binaryInfluence(isOne, scores), labels: isOne };
    },
    pick: (rows) => ofClasses(pickRows(predictions, rows)),
  };
}

function ofFindings(predictions: FindingPredictions): SubgroupSamples {
  const { findings, ids, labels, groups } = predictions;
  const width = findings.length;
  const thresholds = findings.map(() => 0.5);
  return {
    count: ids.length,
    groups,
    strata: new Int32Array(ids.length),
    sizes: findings.map((of, f) => {
      const known = ids.flatMap((_, i) => (labels[i * width + f] >= 0 ? [i] : []));
      return sizeOf(
        of,
        known.map((i) => labels[i * width + f] === 1),
        groups && known.map((i) => groups[i]),
      );
    }),
    evaluate(options) {
      const report: FindingsReport = evaluateFindings(predictions, options);
      return {
        metrics: [
          ...report.perFinding.flatMap((found) =>
            findingMetricNames.map((metric) => ({ metric, of: found.finding, ...found[metric] })),
          ),
          ...findingMetricNames.map((metric) => ({ metric, of: null, ...report.macro[metric] })),
          ...microMetricNames.map((metric) => ({
            metric: `micro ${metric}` as const,
            of: null,
            ...report.micro[metric],
          })),
        ],
        bootstrap: report.bootstrap,
      };
    },
    statistics() {
      return findingStatistics(
        prepareFindings(predictions, thresholds),
        findingStatisticNames(findings),
      );
    },
    auc({ metric, of }) {
      if (metric !== 'auc' || of === null) return undefined;
      const { samples } = findingSamples(predictions, thresholds, [findings.indexOf(of)]);
      return {
        influence: binaryInfluence(
          samples.labels,
          samples.probabilities.filter((_, i) => i % 2 === 1),
        ),
        labels: samples.labels,
      };
    },
    pick: (rows) => ofFindings(pickRows(predictions, rows)),
  };
}

function sizeOf(
  of: string,
  positive: readonly boolean[],
  groups: readonly string[] | undefined,
): SubgroupSize {
  const positives = positive.filter(Boolean).length;
  const groupsWhere = (value: boolean): number =>
    new Set(groups!.filter((_, i) => positive[i] === value)).size;
  return {
    of,
    positives,
    negatives: positive.length - positives,
    ...(groups === undefined
      ? {}
      : { positiveGroups: groupsWhere(true), negativeGroups: groupsWhere(false) }),
  };
}
