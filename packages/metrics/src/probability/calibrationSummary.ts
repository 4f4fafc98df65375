import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import { meanOfDefined } from '../confusion/averages.js';
import { metricEstimate } from '../evaluate/assembleReport.js';
import type { MetricEstimate } from '../evaluate/evaluationReport.js';
import { metricOf } from '../evaluate/metricCatalog.js';
import { checkFindingPredictions, findingSamples } from '../findings/findingSamples.js';
import { labeledPredictions } from '../input/alignPredictions.js';
import { checkPredictions } from '../input/checkPredictions.js';
import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from '../resampling/bootstrap.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';

const NAMES = ['calibrationError', 'brierScore', 'logLoss'] as const;

/**
 * How far probabilities are from the truth: the expected calibration error over 15 equal widths, the Brier score and the
 * mean cross-entropy. For findings each is the mean over those with a known label.
 */
export type CalibrationSummary = Readonly<Record<(typeof NAMES)[number], MetricEstimate>>;

/**
 * The calibration of predictions with bootstrap intervals, over whole patients when there are groups. Samples without a
 * known label are left out.
 * @throws RangeError when lengths differ or an option is out of range
 * @throws InputError when predictions cannot be used
 */
export function calibrationSummary(
  predictions: Predictions | FindingPredictions,
  options: BootstrapOptions = {},
): CalibrationSummary {
  const { labels, statistics, groups } =
    'findings' in predictions ? ofFindings(predictions) : ofClasses(predictions);
  const resampled =
    labels.length === 0
      ? null
      : bootstrapStatistics(statistics, labels, { ...options, groups: options.groups ?? groups });
  return Object.fromEntries(
    NAMES.map((name, index): [string, MetricEstimate] => [
      name,
      metricEstimate({
        value: resampled?.[index].interval.estimate ?? null,
        undefinedReason: () => 'there are no samples with a known label',
        bootstrap: resampled?.[index].interval,
      }),
    ]),
  ) as CalibrationSummary;
}

interface Prepared {
  /** Strata of the bootstrap. */
  readonly labels: Int32Array;
  /** In the order of the names. */
  readonly statistics: WeightedStatistics;
  readonly groups?: readonly string[];
}

function ofClasses(predictions: Predictions): Prepared {
  checkPredictions(predictions);
  const { classes, labels, probabilities, groups } = labeledPredictions(predictions);
  const samples = scoreSamples(labels, probabilities, classes.length);
  const evaluators = NAMES.map((name) => metricOf(name)(samples));
  return {
    labels,
    groups,
    statistics: (weights) => {
      const weighting = weightSamples(samples, weights);
      return evaluators.map((evaluate) => evaluate(weighting));
    },
  };
}

function ofFindings(predictions: FindingPredictions): Prepared {
  checkFindingPredictions(predictions);
  const { findings, ids, groups } = predictions;
  const cuts = findings.map(() => 0.5);
  const each = findings.map((_, finding) => {
    const { rows, samples, alwaysPositive } = findingSamples(predictions, cuts, [finding]);
    const evaluators = NAMES.map((name) =>
      metricOf(name)(name === 'calibrationError' ? alwaysPositive : samples),
    );
    return (weights: Float64Array): (number | null)[] => {
      const weighting = weightSamples(
        samples,
        Float64Array.from(rows, (row) => weights[row]),
      );
      return evaluators.map((evaluate) => evaluate(weighting));
    };
  });
  return {
    labels: new Int32Array(ids.length),
    groups,
    statistics: (weights) => {
      const rows = each.map((evaluate) => evaluate(weights));
      return NAMES.map((_, index) => meanOfDefined(rows.length, (finding) => rows[finding][index]));
    },
  };
}
