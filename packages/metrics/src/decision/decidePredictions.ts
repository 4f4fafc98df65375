import { type TaskPredictions, throwIssues, unknownName } from '@nonlocal-med/core';
import { namesOf } from '../input/taskPredictions.js';
import { applyCalibration } from '../probability/fitCalibration.js';
import { positiveScore } from './binarySamples.js';
import { type Decision, pointsInUse } from './chooseDecision.js';
import type { OperatingGoal } from './operatingPoint.js';

/** What is decided about an image at one operating point. */
export interface ImageDecision {
  /** The classes that were looked for, or the finding. */
  readonly positive: readonly string[];
  readonly goal: OperatingGoal;
  readonly threshold: number;
  /** The probability of the classes together. */
  readonly score: number;
  /** How far the score is above the threshold; below 0 for a negative decision. */
  readonly margin: number;
  readonly isPositive: boolean;
}

/** Predictions with what is decided about each image. */
export interface DecidedPredictions {
  /** With the probabilities that thresholds are compared with: calibrated ones if the decision uses them. */
  readonly predictions: TaskPredictions;
  /** For each image, one decision per operating point in use. */
  readonly decisions: readonly (readonly ImageDecision[])[];
}

/**
 * Decides about images at the operating points that a decision uses, after its calibration if it uses calibrated
 * probabilities.
 * @param predictions as the model gives them; their truth is not used
 * @throws RangeError when the lengths of the arrays do not match, or the calibration is for other findings
 * @throws InputError when predictions cannot be used, or the decision is about a class that they do not have
 * @example
 * ```ts
 * import { chooseDecision, decidePredictions } from '@nonlocal-med/metrics';
 *
 * const validation = {
 *   classes: ['healthy', 'lesion'],
 *   ids: ['a', 'b', 'c', 'd'],
 *   labels: Int32Array.of(0, 0, 1, 1),
 *   probabilities: Float64Array.of(0.9, 0.1, 0.7, 0.3, 0.5, 0.5, 0.2, 0.8), // [4, 2]
 * };
 * const ward = { ...validation, ids: ['e'], labels: Int32Array.of(-1), probabilities: Float64Array.of(0.35, 0.65) };
 * const [[{ threshold, isPositive, margin }]] = decidePredictions(ward, chooseDecision(validation)).decisions;
 * console.log(threshold, isPositive, margin.toFixed(2)); // 0.4 true 0.25
 * ```
 */
export function decidePredictions(
  predictions: TaskPredictions,
  decision: Decision,
): DecidedPredictions {
  const names = namesOf(predictions);
  const points = pointsInUse(decision);
  throwIssues(
    [...new Set(points.flatMap(({ positive }) => positive))]
      .filter((name) => !names.includes(name))
      .map((name) => unknownName({ path: 'decision.json', kind: 'class', name, known: names })),
  );
  const scored = decision.calibrated
    ? applyCalibration(predictions, decision.calibration)
    : predictions;
  const columns = points.map(({ positive }) => positive.map((name) => names.indexOf(name)));
  const decisions = predictions.ids.map((_, i) => {
    const row = scored.probabilities.subarray(i * names.length, (i + 1) * names.length);
    return points.map(({ positive, goal, threshold }, p): ImageDecision => {
      const score = positiveScore(row, columns[p]);
      const isPositive = score >= threshold;
      return { positive, goal, threshold, score, margin: score - threshold, isPositive };
    });
  });
  return { predictions: scored, decisions };
}
