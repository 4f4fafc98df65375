import type { FindingPredictions, Predictions, TaskPredictions } from '@nonlocal-med/core';
import {
  compareFindings,
  type FindingsComparison,
  type FindingsComparisonOptions,
} from '../findings/compareFindings.js';
import { evaluateFindings, type FindingsEvaluationOptions } from '../findings/evaluateFindings.js';
import type { FindingsReport } from '../findings/findingsReport.js';
import { findingEstimate, type FindingStatistic } from '../findings/findingStatistics.js';
import { comparePredictions, type PredictionComparison } from './comparePredictions.js';
import { evaluatePredictions } from './evaluatePredictions.js';
import type { EvaluationReport, MetricEstimate } from './evaluationReport.js';
import type { ClassMetricName, MetricName } from './metricCatalog.js';

/** A report of either task; `'findings' in report` tells which. */
export type TaskReport = EvaluationReport | FindingsReport;

/** A comparison of either task; `'perFinding' in comparison` tells which. */
export type TaskComparison = PredictionComparison | FindingsComparison;

/** The name of a metric of either task. */
export type TaskMetric = MetricName | FindingStatistic;

/** Options of a comparison of either task; metrics are those of the task. */
export interface TaskComparisonOptions extends Omit<FindingsComparisonOptions, 'metrics'> {
  readonly metrics?: readonly TaskMetric[];
}

/** Every metric of predictions of either task: `evaluatePredictions` or `evaluateFindings`. */
export function evaluateTask(
  predictions: TaskPredictions,
  options: FindingsEvaluationOptions = {},
): TaskReport {
  return 'findings' in predictions
    ? evaluateFindings(predictions, options)
    : evaluatePredictions(predictions, options);
}

/**
 * Compares two models, or two sets of models, of either task: `comparePredictions` or `compareFindings`.
 * @throws InputError when the models do not have the same task and samples, and whatever those functions throw
 */
export function compareTask(
  a: TaskPredictions | readonly TaskPredictions[],
  b: TaskPredictions | readonly TaskPredictions[],
  { metrics, ...options }: TaskComparisonOptions = {},
): TaskComparison {
  // Both functions refuse models of different tasks.
  return [a, b].flat().some((predictions) => 'findings' in predictions)
    ? compareFindings(a as FindingPredictions, b as FindingPredictions, {
        ...options,
        metrics: metrics as readonly FindingStatistic[] | undefined,
      })
    : comparePredictions(a as Predictions, b as Predictions, {
        ...options,
        metrics: metrics as readonly MetricName[] | undefined,
      });
}

/** The classes or findings of a report, in the order of the outputs of its model. */
export const reportNames = (report: TaskReport): readonly string[] =>
  'findings' in report ? report.findings : report.classes;

/**
 * A metric of a report by its name.
 * @throws InputError that lists the names when a metric of findings is unknown
 */
export function reportedMetric(report: TaskReport, name: TaskMetric): MetricEstimate {
  return 'findings' in report ? findingEstimate(report, name) : report.metrics[name as MetricName];
}

/** One class against the rest, or one finding against its absence. */
export interface OneVsRestReport extends Readonly<Record<ClassMetricName, MetricEstimate>> {
  readonly name: string;
  /** Samples whose label is known. */
  readonly samples: number;
  /** Samples of the class, or with the finding. */
  readonly positives: number;
  /** Groups (patients) with such a sample; absent if samples have no groups. */
  readonly groups?: number;
  /** Samples that are predicted as such. */
  readonly predicted: number;
}

/** Each class of a report against the rest, or each finding against its absence. */
export function oneVsRest(report: TaskReport): OneVsRestReport[] {
  if ('findings' in report)
    return report.perFinding.map(({ finding, ...found }) => ({
      ...found,
      name: finding,
      samples: found.positives + found.negatives,
    }));
  return report.perClass.map(({ class: name, support, ...found }) => ({
    ...found,
    name,
    samples: report.samples,
    positives: support,
  }));
}
