import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import type { MetricEstimate } from '../evaluate/evaluationReport.js';
import { type CalibrationSummary, calibrationSummary } from '../probability/calibrationSummary.js';
import { applyCalibration } from '../probability/fitCalibration.js';
import type { BootstrapOptions } from '../resampling/bootstrap.js';
import { binarySamples } from './binarySamples.js';
import {
  type ChosenPoint,
  type Decision,
  pointsInUse,
  type RefusedPoint,
} from './chooseDecision.js';
import { evaluateOperatingPoint, type OperatingReport } from './operatingReport.js';
import { rateAtFixedRate } from './rateAtFixedRate.js';

/** An operating point with what it achieves on samples it was not chosen on. */
export interface TestedPoint {
  readonly chosen: ChosenPoint;
  readonly test: OperatingReport;
  /**
   * Where the rule fixes a rate: the other rate at exactly this one, read from the test samples' own ROC curve. Shows
   * whether a shortfall is due to the threshold or to the model.
   */
  readonly atTarget?: MetricEstimate;
}

/** A decision on the samples of a test, as plain JSON. */
export interface DecisionReport extends Pick<
  Decision,
  'samples' | 'groups' | 'calibrated' | 'calibration'
> {
  readonly points: readonly TestedPoint[];
  readonly refused: readonly RefusedPoint[];
  /** Calibration on the test samples, of the model's probabilities and after calibration (null if there is none). */
  readonly before: CalibrationSummary;
  readonly after: CalibrationSummary | null;
}

/**
 * Tests a decision on samples it was not made on: the rates at its operating points and the calibration before and after,
 * all with intervals. When samples have groups, whole patients are resampled; else the rates have Clopper and Pearson's
 * intervals.
 * @param options of the bootstrap
 * @throws RangeError when lengths differ or the decision was made for other findings
 * @throws InputError when predictions cannot be used or lack a class of the decision
 */
export function testDecision(
  test: Predictions | FindingPredictions,
  decision: Decision,
  options: BootstrapOptions = {},
): DecisionReport {
  const { samples, groups, calibrated, calibration, refused } = decision;
  const after = calibration.method === 'none' ? null : applyCalibration(test, calibration);
  const scored = calibrated && after !== null ? after : test;
  const points = pointsInUse(decision).map((chosen): TestedPoint => {
    const binary = binarySamples(scored, chosen.positive);
    const { goal, threshold } = chosen;
    const hasBoth = binary.labels.includes(1) && binary.labels.includes(0);
    return {
      chosen,
      test: evaluateOperatingPoint(
        binary,
        threshold,
        binary.groups === undefined ? { confidence: options.confidence } : { bootstrap: options },
      ),
      ...(hasBoth && (goal.kind === 'sensitivity' || goal.kind === 'specificity')
        ? { atTarget: rateAtFixedRate(binary, goal, options) }
        : {}),
    };
  });
  return {
    samples,
    ...(groups === undefined ? {} : { groups }),
    calibrated,
    calibration,
    points,
    refused,
    before: calibrationSummary(test, options),
    after: after === null ? null : calibrationSummary(after, options),
  };
}
