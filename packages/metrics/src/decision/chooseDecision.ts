import { count, type FindingPredictions, InputError, type Predictions } from '@nonlocal-med/core';
import {
  applyCalibration,
  fitCalibration,
  type FittedCalibration,
} from '../probability/fitCalibration.js';
import { type BinarySamples, binarySamples } from './binarySamples.js';
import { type DecisionRule, goalText, positivesOf } from './decisionRule.js';
import { chooseOperatingPoint, type OperatingGoal, type OperatingPoint } from './operatingPoint.js';

/** An operating point with what it decides. */
export interface ChosenPoint extends OperatingPoint {
  /** The classes that are called positive, against the others; or the finding. */
  readonly positive: readonly string[];
  /** Patients of the samples it was chosen on; absent if these have no groups. */
  readonly groups?: number;
  /** Why the choice is not to be relied on, as a sentence; absent if there is nothing. */
  readonly caution?: string;
}

/** A rule by which no threshold could be chosen, and why. */
export interface RefusedPoint {
  readonly positive: readonly string[];
  readonly goal: OperatingGoal;
  readonly because: string;
}

/** What was decided on validation predictions, as plain JSON: everything that a decision on another image needs. */
export interface Decision {
  /** Samples with a known label. */
  readonly samples: number;
  /** Their patients; absent if they have no groups. */
  readonly groups?: number;
  /** Whether decisions compare calibrated probabilities with their thresholds. */
  readonly calibrated: boolean;
  readonly calibration: FittedCalibration;
  /** Chosen on probabilities as the model gives them. */
  readonly points: readonly ChosenPoint[];
  /** The same rules on calibrated probabilities; empty if no calibration could be fitted. */
  readonly calibratedPoints: readonly ChosenPoint[];
  readonly refused: readonly RefusedPoint[];
}

/** How {@link chooseDecision} decides. */
export interface DecisionOptions {
  /** Default: Youden's J for each finding; for each class against the rest, but with two classes for {@link targetClass}. */
  readonly rules?: readonly DecisionRule[];
  /** Whether decisions use calibrated probabilities; default false. Both are chosen. */
  readonly calibrated?: boolean;
}

/**
 * Fits the calibration and chooses the thresholds of a model on its validation predictions. A threshold lies halfway
 * between two scores, so that rounding changes no decision.
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError when predictions cannot be used, or a rule names an unknown class; a class without positive or negative
 * samples is listed in `refused` instead
 * @example
 * ```ts
 * import { chooseDecision, parseDecisionRule } from '@nonlocal-med/metrics';
 *
 * const validation = {
 *   classes: ['healthy', 'lesion'],
 *   ids: ['a', 'b', 'c', 'd'],
 *   labels: Int32Array.of(0, 0, 1, 1),
 *   probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.7, 0.3, 0.2, 0.8), // [4, 2]
 * };
 * const rules = [parseDecisionRule('lesion: sensitivity>=0.9')];
 * const [{ threshold, specificity }] = chooseDecision(validation, { rules }).points;
 * console.log(threshold.toFixed(2), specificity); // 0.20 0.5
 * ```
 */
export function chooseDecision(
  validation: Predictions | FindingPredictions,
  { rules, calibrated = false }: DecisionOptions = {},
): Decision {
  const calibration = fitCalibration(validation);
  const wanted = wantedDecisions(validation, rules);
  const choose = (predictions: Predictions | FindingPredictions): (ChosenPoint | RefusedPoint)[] =>
    wanted.map(({ positive, goal }) =>
      chooseOne(binarySamples(predictions, positive), positive, goal),
    );
  const raw = choose(validation);
  const after =
    calibration.method === 'none' ? [] : choose(applyCalibration(validation, calibration));
  const { labels, groups } = validation;
  const width = 'findings' in validation ? validation.findings.length : 1;
  const known = validation.ids.map((_, i) =>
    labels.subarray(i * width, (i + 1) * width).some((label) => label >= 0),
  );
  return {
    samples: known.filter(Boolean).length,
    ...(groups === undefined ? {} : { groups: new Set(groups.filter((_, i) => known[i])).size }),
    calibrated: calibrated && calibration.method !== 'none',
    calibration,
    points: raw.filter((point) => 'threshold' in point),
    calibratedPoints: after.filter((point) => 'threshold' in point),
    refused: raw.filter((point) => 'because' in point),
  };
}

/** The operating points that a decision uses: on calibrated probabilities, or on those of the model. */
export const pointsInUse = ({
  calibrated,
  points,
  calibratedPoints,
}: Decision): readonly ChosenPoint[] => (calibrated ? calibratedPoints : points);

/** `referable: specificity>=0.95`: what a point decides and how it was chosen; tells points of a decision apart. */
export const pointText = ({ positive, goal }: Pick<ChosenPoint, 'positive' | 'goal'>): string =>
  `${positive.join('+')}: ${goalText(goal)}`;

/** How the absence of a finding is called. */
const NEGATIVE =
  /^(0|no|non|not|none|normal|healthy|negative|benign|absent|false|control)([\s_-]|$)/i;

/** Of two classes the one that is to be found: the second, unless that one is named like the absence of something. */
export function targetClass([first, second]: readonly string[]): string {
  return NEGATIVE.test(second) && !NEGATIVE.test(first) ? first : second;
}

function wantedDecisions(
  validation: Predictions | FindingPredictions,
  rules: readonly DecisionRule[] = [{ goal: { kind: 'youden' } }],
): { readonly positive: readonly string[]; readonly goal: OperatingGoal }[] {
  const ofFindings = 'findings' in validation;
  const names = ofFindings ? validation.findings : validation.classes;
  const each = !ofFindings && names.length === 2 ? [targetClass(names)] : names;
  const kind = ofFindings ? 'finding' : 'class';
  const wanted = rules.flatMap(({ positive, goal }) =>
    positive === undefined
      ? each.map((name) => ({ positive: [name], goal }))
      : [{ positive: positivesOf(positive, names, { kind }), goal }],
  );
  return [...new Map(wanted.map((decision) => [pointText(decision), decision])).values()];
}

function chooseOne(
  samples: BinarySamples,
  positive: readonly string[],
  goal: OperatingGoal,
): ChosenPoint | RefusedPoint {
  const { labels, scores, groups } = samples;
  try {
    const point = chooseOperatingPoint(labels, scores, { goal, placement: 'midpoint' });
    const caution = describeSmallness(point);
    return {
      ...point,
      positive,
      ...(groups === undefined ? {} : { groups: new Set(groups).size }),
      ...(caution === undefined ? {} : { caution }),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { positive, goal, because: error.issues.map(({ message }) => message).join('; ') };
  }
}

/** With fewer samples of a kind, a threshold that depends on them is little more than a guess. */
const FEW = 10;

/** Why so few samples cannot show what the goal wants; undefined if there are enough. */
function describeSmallness({
  goal,
  positives,
  negatives,
}: Pick<OperatingPoint, 'goal' | 'positives' | 'negatives'>): string | undefined {
  if (goal.kind === 'sensitivity' || goal.kind === 'specificity') {
    const [samples, kind, error] =
      goal.kind === 'sensitivity'
        ? [positives, 'positive', 'missed']
        : [negatives, 'negative', 'called positive'];
    const needed = goal.target === 1 ? 100 : Math.round(1 / (1 - goal.target));
    if (samples >= needed) return undefined;
    return `The validation set is too small for a ${goal.kind} of ${Number((100 * goal.target).toPrecision(10))} %: of ${count(samples, `${kind} image`)} not a single one may be ${error}, and at least ${needed} are needed to tell this from 100 %.`;
  }
  if (positives >= FEW && negatives >= FEW) return undefined;
  const [samples, kind] = positives < negatives ? [positives, 'positive'] : [negatives, 'negative'];
  return `The threshold depends on ${count(samples, `${kind} validation image`)}; with fewer than ${FEW} it is little more than a guess.`;
}
