import type { Predictions } from '@nonlocal-med/core';
import { macroDelongInterval } from '../delong/delongInterval.js';
import { labeledPredictions } from '../input/alignPredictions.js';
import { checkConfidence, checkLength } from '../input/checkArguments.js';
import { checkPredictions } from '../input/checkPredictions.js';
import { calibration } from '../probability/calibration.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';
import { assembleReport } from './assembleReport.js';
import { withoutProbabilities } from './decisionsOnly.js';
import type { EvaluationOptions, EvaluationReport } from './evaluationReport.js';
import { reportedMetrics } from './metricCatalog.js';
import { resampleMetrics } from './resampleMetrics.js';
import { describeSamples, sampleFacts } from './sampleFacts.js';

/**
 * Every metric of a classifier's predictions, with intervals, as one plain JSON object. What is not defined is null with
 * the reason next to it; absent classes are named in `notes`. Samples without a known true class (label -1) are left out
 * and counted.
 * @throws RangeError when the lengths of the arrays do not match or an option is out of range
 * @throws InputError that lists every label and probability that cannot be used, with the sample's id
 * @example
 * ```ts
 * import { evaluatePredictions } from '@nonlocal-med/metrics';
 *
 * const { metrics, notes } = evaluatePredictions({
 *   classes: ['healthy', 'lesions', 'other'],
 *   ids: ['a', 'b', 'c'],
 *   labels: Int32Array.of(0, 1, 1),
 *   probabilities: Float64Array.of(0.7, 0.2, 0.1, 0.2, 0.6, 0.2, 0.5, 0.4, 0.1), // [3, 3]
 * });
 * console.log(metrics.auc.value, metrics.sensitivity.value); // 1 0.75
 * console.log(notes[0]); // Absent from the samples: "other". Means over classes of AUC, average precision and sensitivity leave it out.
 * ```
 */
export function evaluatePredictions(
  predictions: Predictions,
  {
    bootstrap,
    confidence = bootstrap?.confidence ?? 0.95,
    calibration: diagram,
  }: EvaluationOptions = {},
): EvaluationReport {
  checkConfidence(confidence);
  checkPredictions(predictions);
  const allGroups = bootstrap?.groups ?? predictions.groups;
  if (allGroups !== undefined) checkLength('groups', allGroups.length, predictions.labels.length);
  const { classes, labels, probabilities } = labeledPredictions(predictions);
  const samples = scoreSamples(labels, probabilities, classes.length);
  const weighting = weightSamples(samples);
  const evaluators = reportedMetrics(classes.length).map(({ metric }) => metric(samples));
  const values = evaluators.map((evaluate) => evaluate(weighting));
  const groups = allGroups?.filter((_, i) => predictions.labels[i] >= 0);
  const resampled = resampleMetrics(
    (weights) => {
      const resample = weightSamples(samples, weights);
      return evaluators.map((evaluate) => evaluate(resample));
    },
    labels,
    { bootstrap, groups, confidence },
  );
  const facts = sampleFacts(samples, classes, groups);
  const delong = macroDelongInterval(labels, probabilities, { confidence });
  const unlabeled = predictions.labels.length - samples.count;
  const report: EvaluationReport = {
    samples: samples.count,
    unlabelled: unlabeled,
    classes: [...classes],
    confidence,
    bootstrap: resampled.bootstrap,
    ...assembleReport({
      values,
      intervals: resampled.intervals,
      weighting,
      facts,
      delong,
      confidence,
      groups: bootstrap === undefined ? undefined : groups,
    }),
    confusionMatrix: classes.map((_, t) =>
      Array.from(weighting.matrix().counts.subarray(t * classes.length, (t + 1) * classes.length)),
    ),
    calibration: calibration(labels, probabilities, diagram),
    delong,
    notes: describeSamples(facts, unlabeled),
  };
  return predictions.decisionsOnly === undefined ? report : withoutProbabilities(report);
}
