import { count } from '@nonlocal-med/core';
import {
  type DecisionRate,
  type DecisionReport,
  describeGoal,
  type MetricEstimate,
  pointText,
  type TestedPoint,
} from '@nonlocal-med/metrics';

/**
 * An operating point on the test set in words: `Sensitivity 92.3 % (84.1 to 97.0) at specificity 95.1 % (90.0 to 98.0),
 * threshold 0.31 chosen on 81 validation images for a specificity of at least 95 %.`
 * @param validation how many images and patients it was chosen on
 */
export function describeOperatingPoint(
  { chosen, test }: Pick<TestedPoint, 'chosen' | 'test'>,
  validation: Pick<DecisionReport, 'samples' | 'groups' | 'calibrated'>,
): string {
  const probability = validation.calibrated ? ' of the calibrated probability' : '';
  return `Sensitivity ${percentText(test.sensitivity)} at specificity ${percentText(test.specificity)}, threshold ${thresholdText(chosen.threshold)}${probability} chosen on ${validationText(validation)} for ${describeGoal(chosen.goal)}.`;
}

/** `81 validation images of 40 patients`. */
export function validationText({
  samples,
  groups,
}: Pick<DecisionReport, 'samples' | 'groups'>): string {
  const patients =
    groups === undefined || groups === samples ? '' : ` of ${count(groups, 'patient')}`;
  return `${count(samples, 'validation image')}${patients}`;
}

/** `0.31`, with more digits near 0 and 1. */
export function thresholdText(threshold: number): string {
  const digits = [2, 3, 4, 5].find((n) => {
    const rounded = Number(threshold.toFixed(n));
    return Math.min(rounded, 1 - rounded) >= 10 ** (1 - n);
  });
  return digits === undefined ? threshold.toPrecision(3) : threshold.toFixed(digits);
}

/** `92.3 % (84.1 to 97.0)`, or why there is no rate. */
export function percentText({ value, interval, undefinedBecause }: MetricEstimate): string {
  if (value === null) return `not defined (${undefinedBecause ?? 'no samples'})`;
  const percent = (fraction: number): string => (100 * fraction).toFixed(1);
  const range =
    interval === undefined ? '' : ` (${percent(interval.lower)} to ${percent(interval.upper)})`;
  return `${percent(value)} %${range}`;
}

/**
 * Everything that a reader should know about the decisions of a model, one line per fact: each operating point with its
 * rates, what its validation set cannot show, and the calibration before and after.
 */
export function decisionLines(report: DecisionReport): string[] {
  const points = report.points.flatMap((point) => {
    const { chosen, test, atTarget } = point;
    const { statement, caution, goal } = chosen;
    const other = goal.kind === 'sensitivity' ? 'specificity' : 'sensitivity';
    return [
      `${chosen.positive.join('+')}: ${describeOperatingPoint(point, report)}`,
      `  PPV ${percentText(test.ppv)}, NPV ${percentText(test.npv)}, with ${shareText(test.sensitivity, test.specificity)} positive`,
      ...(atTarget === undefined || !('target' in goal)
        ? []
        : [
            `  For comparison, the ${other} at a ${goal.kind} of at least ${Number((100 * goal.target).toPrecision(10))} % by a threshold chosen on the test images themselves: ${percentText(atTarget)}`,
          ]),
      ...[statement, caution].flatMap((text) => (text === undefined ? [] : [`  ${text}`])),
    ];
  });
  const refused = report.refused.map(
    (point) => `${pointText(point)}: no threshold can be chosen, because ${point.because}.`,
  );
  return [...points, ...refused, calibrationLine(report)];
}

/** More operating points are not listed. */
const MOST_POINTS = 4;

/**
 * The operating points of a model on its test set in a few lines, for the end of a training: one sentence each, and what
 * could not be chosen.
 */
export function operatingLines(report: DecisionReport): string[] {
  const lines = [
    ...report.points.map(
      (point) => `${point.chosen.positive.join('+')}: ${describeOperatingPoint(point, report)}`,
    ),
    ...report.refused.map(
      (point) => `${pointText(point)}: no threshold can be chosen, because ${point.because}.`,
    ),
  ];
  const more = lines.length - MOST_POINTS;
  return more > 0
    ? [
        ...lines.slice(0, MOST_POINTS),
        `... and ${count(more, 'more operating point')}; evaluate lists all`,
      ]
    : lines;
}

const shareText = (positive: DecisionRate, negative: DecisionRate): string =>
  `${positive.total} of ${count(positive.total + negative.total, 'test image')}`;

/** The calibration that was fitted, and what it changes on the test set. */
export function calibrationLine({
  calibration,
  before,
  after,
  calibrated,
}: DecisionReport): string {
  if (calibration.method === 'none') return `Not calibrated: ${calibration.because}.`;
  const change = (name: 'calibrationError' | 'brierScore' | 'logLoss'): string =>
    `${numberText(before[name])} -> ${numberText(after![name])}`;
  const fitted =
    calibration.method === 'temperature'
      ? `temperature ${calibration.temperature.toPrecision(3)}`
      : "Platt's sigmoid per finding";
  return `Calibration (${fitted}${calibrated ? '' : ', not applied'}): calibration error ${change('calibrationError')}, Brier score ${change('brierScore')}, cross-entropy ${change('logLoss')}`;
}

const numberText = ({ value, interval }: MetricEstimate): string => {
  if (value === null) return '-';
  const range =
    interval === undefined ? '' : ` (${interval.lower.toFixed(3)} to ${interval.upper.toFixed(3)})`;
  return `${value.toFixed(3)}${range}`;
};
