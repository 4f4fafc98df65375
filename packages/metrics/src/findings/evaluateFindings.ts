import type { FindingPredictions } from '@nonlocal-med/core';
import { delongInterval } from '../delong/delongInterval.js';
import { metricEstimate } from '../evaluate/assembleReport.js';
import type { EvaluationOptions, MetricEstimate } from '../evaluate/evaluationReport.js';
import { classFormulaInterval } from '../evaluate/formulaInterval.js';
import { resampleMetrics } from '../evaluate/resampleMetrics.js';
import { checkConfidence, checkLength } from '../input/checkArguments.js';
import { samplesCalibration } from '../probability/calibration.js';
import { weightSamples } from '../sample/weighting.js';
import { findingsWithoutProbabilities } from './decidedFindings.js';
import {
  checkFindingPredictions,
  findingMetricNames,
  type FindingSamples,
  microMetricNames,
} from './findingSamples.js';
import {
  describeFindings,
  type FindingCounts,
  type FindingMetricName,
  type FindingReport,
  type FindingsReport,
  undefinedFindingReason,
} from './findingsReport.js';
import { findingStatisticNames, findingStatistics, prepareFindings } from './findingStatistics.js';

/** What {@link evaluateFindings} computes in addition to the metrics, and where findings are called present. */
export interface FindingsEvaluationOptions extends EvaluationOptions {
  /** Probability from which a finding is called present: one for all, or one per finding; default 0.5. */
  readonly thresholds?: number | readonly number[];
}

/**
 * Every metric of predictions of several findings per image: of each finding on the samples where its label is known, their
 * macro average and, for AUC and average precision, the micro average, as one plain JSON object. What is not defined (a
 * finding without positives) is null with the reason; `notes` names the findings that means leave out. AUC has DeLong's
 * interval, proportions Wilson's; with `bootstrap` all metrics have one from the same resamples: of samples, or of whole
 * patients when there are groups.
 * @throws RangeError when the lengths of the arrays do not match or an option is out of range
 * @throws InputError that lists every label and probability that cannot be used, with the sample's id and the finding
 * @example
 * ```ts
 * import { evaluateFindings } from '@nonlocal-med/metrics';
 *
 * const { perFinding, macro, notes } = evaluateFindings({
 *   findings: ['effusion', 'mass'],
 *   ids: ['a', 'b', 'c', 'd'],
 *   labels: Int32Array.of(1, 0, 0, 0, 1, -1, 0, 0), // [4, 2]
 *   probabilities: Float64Array.of(0.8, 0.2, 0.3, 0.1, 0.4, 0.9, 0.6, 0.3), // [4, 2]
 * });
 * console.log(perFinding[0].auc.value, perFinding[1].auc.undefinedBecause); // 0.75 no known label of "mass" is positive
 * console.log(macro.auc.value); // 0.75
 * console.log(notes[0]); // Left out: 1 label that is not known.
 * ```
 */
export function evaluateFindings(
  predictions: FindingPredictions,
  {
    bootstrap,
    confidence = bootstrap?.confidence ?? 0.95,
    calibration: diagram,
    thresholds = 0.5,
  }: FindingsEvaluationOptions = {},
): FindingsReport {
  checkConfidence(confidence);
  checkFindingPredictions(predictions);
  const { findings, ids } = predictions;
  const groups = bootstrap?.groups ?? predictions.groups;
  if (groups !== undefined) checkLength('groups', groups.length, ids.length);
  const prepared = prepareFindings(predictions, thresholds);
  const { each, pooled, thresholds: cuts } = prepared;
  const statistics = findingStatistics(prepared, findingStatisticNames(findings));
  const values = statistics(new Float64Array(ids.length).fill(1));
  const resampled = resampleMetrics(statistics, new Int32Array(ids.length), {
    bootstrap,
    groups,
    confidence,
  });
  const estimate = (
    index: number,
    because: () => string,
    formula?: () => MetricEstimate['interval'],
  ): MetricEstimate =>
    metricEstimate({
      value: values[index],
      undefinedReason: because,
      formula: formula?.(),
      bootstrap: resampled.intervals?.[index],
    });
  const width = findingMetricNames.length;
  const perFinding = each.map((found, f): FindingReport => {
    const { samples } = found;
    const counts = countLabels(found, ids.length);
    const weighting = weightSamples(samples);
    const units = bootstrap && groups && Array.from(found.rows, (row) => groups[row]);
    const metrics = metricsByName((name, m) =>
      estimate(
        f * width + m,
        () => undefinedFindingReason(name, counts, `"${findings[f]}"`),
        () =>
          name === 'brierScore' || name === 'calibrationError'
            ? undefined
            : classFormulaInterval(name, 1, { weighting, confidence, groups: units }),
      ),
    );
    return {
      finding: findings[f],
      ...counts,
      ...(groups === undefined ? {} : { groups: positiveGroups(found, groups) }),
      threshold: cuts[f],
      ...metrics,
      delong: delongInterval(
        samples.labels,
        samples.probabilities.filter((_, i) => i % 2 === 1),
        { confidence },
      ),
      calibration: samplesCalibration(found.alwaysPositive, diagram),
    };
  });
  const total = countLabels(pooled, ids.length * findings.length);
  const report: FindingsReport = {
    samples: ids.length,
    findings: [...findings],
    confidence,
    bootstrap: resampled.bootstrap,
    perFinding,
    macro: metricsByName((_, m) =>
      estimate(findings.length * width + m, () => 'it is not defined for any finding'),
    ),
    micro: Object.fromEntries(
      microMetricNames.map((name, m) => [
        name,
        estimate((findings.length + 1) * width + m, () =>
          undefinedFindingReason(name, total, 'any finding'),
        ),
      ]),
    ) as FindingsReport['micro'],
    notes: describeFindings(perFinding),
  };
  return predictions.decisionsOnly === undefined ? report : findingsWithoutProbabilities(report);
}

function metricsByName(
  estimate: (name: FindingMetricName, index: number) => MetricEstimate,
): Record<FindingMetricName, MetricEstimate> {
  return Object.fromEntries(
    findingMetricNames.map((name, m) => [name, estimate(name, m)]),
  ) as Record<FindingMetricName, MetricEstimate>;
}

function countLabels({ samples }: FindingSamples, all: number): FindingCounts {
  const positives = samples.labels.reduce((sum, label) => sum + label, 0);
  return {
    positives,
    negatives: samples.count - positives,
    unknown: all - samples.count,
    predicted: samples.predicted.reduce((sum, called) => sum + called, 0),
  };
}

function positiveGroups({ rows, samples }: FindingSamples, groups: readonly string[]): number {
  return new Set(
    Array.from(rows).flatMap((row, i) => (samples.labels[i] === 1 ? [groups[row]] : [])),
  ).size;
}
