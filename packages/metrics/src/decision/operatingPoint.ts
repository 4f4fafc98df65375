import { InputError } from '@nonlocal-med/core';
import { checkBinary } from '../input/checkArguments.js';
import { thresholdCounts } from '../ranking/scoreOrder.js';
import { requireBothClasses } from './binarySamples.js';

/**
 * What a threshold is chosen for. `sensitivity` and `specificity`: at least `target`, from 0 to 1, with the other as high
 * as possible. `youden`: the largest sensitivity + specificity - 1. `f1`: the largest F1. `cost`: the smallest expected
 * cost of errors, where a missed positive costs `ratio` false alarms, at a prevalence (default: that of the samples).
 */
export type OperatingGoal =
  | { readonly kind: 'sensitivity' | 'specificity'; readonly target: number }
  | { readonly kind: 'youden' | 'f1' }
  | { readonly kind: 'cost'; readonly ratio: number; readonly prevalence?: number };

/** A threshold with what it achieves on the samples it was chosen on. */
export interface OperatingPoint {
  /** Scores from this value up are called positive. */
  readonly threshold: number;
  readonly goal: OperatingGoal;
  /** False where no threshold reaches the goal; the nearest one is given, and `statement` says so. */
  readonly reached: boolean;
  /** What a reader should know about the choice, as a sentence; absent if there is nothing. */
  readonly statement?: string;
  /** On the samples the threshold was chosen on: too optimistic for others. */
  readonly sensitivity: number;
  readonly specificity: number;
  readonly positives: number;
  readonly negatives: number;
}

/** Where the threshold lies: on the lowest score called positive, or halfway from there to the next lower score. */
export type ThresholdPlacement = 'score' | 'midpoint';

/** Values of a goal that differ by less are equal: they are computed with rounding. */
const TIE = 1e-12;

/** What a threshold calls positive. */
interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
}

/**
 * Chooses the threshold of a decision, on validation samples: never on those that will judge it.
 *
 * A score equal to the threshold is called positive, and thresholds are scores of the samples, as in scikit-learn's
 * `roc_curve` with `drop_intermediate=False` (`TunedThresholdClassifierCV` searches a grid between the smallest and the
 * largest score instead). `placement: 'midpoint'` moves it halfway to the next lower score, which makes the same decisions
 * on these samples and does not change them when a score is rounded differently. Among equal thresholds for a goal, the
 * one with the higher specificity is taken; for a wanted specificity, the higher sensitivity, then the higher specificity.
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @throws RangeError when lengths differ
 * @throws InputError when labels or scores cannot be used, a class is absent, or the goal is out of range
 * @example
 * ```ts
 * import { chooseOperatingPoint } from '@nonlocal-med/metrics';
 *
 * const labels = [0, 0, 0, 1, 0, 1, 1];
 * const scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.9];
 * const { threshold, specificity } = chooseOperatingPoint(labels, scores, {
 *   goal: { kind: 'sensitivity', target: 0.95 },
 * });
 * console.log(threshold, specificity); // 0.4 0.75
 * ```
 */
export function chooseOperatingPoint(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  {
    goal,
    placement = 'score',
  }: { readonly goal: OperatingGoal; readonly placement?: ThresholdPlacement },
): OperatingPoint {
  checkGoal(goal);
  checkBinary(labels, scores);
  requireBothClasses(labels, 'a threshold');
  const { thresholds, truePositives, falsePositives } = thresholdCounts(labels, scores);
  const positives = truePositives[truePositives.length - 1];
  const negatives = falsePositives[falsePositives.length - 1];
  const at = (i: number): Counts => ({
    truePositives: truePositives[i],
    falsePositives: falsePositives[i],
  });
  const preferences = goalPreferences(goal, positives, negatives);
  let best = 0;
  for (let i = 1; i < thresholds.length; i++) if (isBetter(at(i), at(best), preferences)) best = i;
  const middle = (thresholds[best] + thresholds[best + 1]) / 2;
  // Between neighboring numbers there is none; below the smallest score there is nothing to be halfway to.
  const isMiddle = placement === 'midpoint' && middle > thresholds[best + 1];
  const statement = unreached(goal, at(best), preferences);
  const trivial =
    best === thresholds.length - 1 ? 'The threshold calls every sample positive.' : undefined;
  return {
    threshold: isMiddle ? middle : thresholds[best],
    goal,
    reached: statement === undefined,
    ...(statement === undefined && trivial === undefined
      ? {}
      : { statement: statement ?? trivial }),
    sensitivity: truePositives[best] / positives,
    specificity: (negatives - falsePositives[best]) / negatives,
    positives,
    negatives,
  };
}

/** What is to be as large as possible, the most important first. */
type Preferences = readonly ((counts: Counts) => number)[];

function goalPreferences(goal: OperatingGoal, positives: number, negatives: number): Preferences {
  const sensitivity = ({ truePositives }: Counts): number => truePositives / positives;
  const specificity = ({ falsePositives }: Counts): number =>
    (negatives - falsePositives) / negatives;
  switch (goal.kind) {
    // Up to the target it decides, beyond it the other rate does.
    case 'sensitivity':
      return [(counts) => Math.min(sensitivity(counts), goal.target), specificity, sensitivity];
    case 'specificity':
      return [(counts) => Math.min(specificity(counts), goal.target), sensitivity, specificity];
    case 'youden':
      return [(counts) => sensitivity(counts) + specificity(counts) - 1, specificity];
    case 'f1':
      return [
        ({ truePositives, falsePositives }) =>
          (2 * truePositives) / (truePositives + falsePositives + positives),
        specificity,
      ];
    case 'cost': {
      const { ratio, prevalence = positives / (positives + negatives) } = goal;
      const missed = ratio * prevalence;
      const alarms = 1 - prevalence;
      return [
        (counts) =>
          -(missed * (1 - sensitivity(counts)) + alarms * (1 - specificity(counts))) /
          (missed + alarms),
        specificity,
      ];
    }
  }
}

function isBetter(candidate: Counts, best: Counts, preferences: Preferences): boolean {
  for (const preference of preferences) {
    const gain = preference(candidate) - preference(best);
    if (Math.abs(gain) > TIE) return gain > 0;
  }
  return false;
}

/** Why no threshold reaches the goal: only a decision that never calls anything positive would. */
function unreached(
  goal: OperatingGoal,
  best: Counts,
  preferences: Preferences,
): string | undefined {
  const nothing: Counts = { truePositives: 0, falsePositives: 0 };
  const value = preferences[0](best);
  if (!(preferences[0](nothing) > value + TIE)) return undefined;
  return goal.kind === 'cost'
    ? 'Calling every sample negative costs less than any threshold; the nearest one is given.'
    : `No threshold has the wanted ${goal.kind}: negative samples have the largest score. The nearest one, with ${value.toPrecision(3)}, is given.`;
}

/** @throws InputError when a number of the goal is out of range */
export function checkGoal(goal: OperatingGoal): void {
  const refuse = (path: string, value: number | undefined, hint: string): never => {
    throw new InputError({ path: `goal.${path}`, message: `${value} is out of range`, hint });
  };
  if (goal.kind === 'sensitivity' || goal.kind === 'specificity') {
    if (!(goal.target > 0 && goal.target <= 1))
      refuse('target', goal.target, `the wanted ${goal.kind}, above 0 and at most 1, e.g. 0.95`);
  } else if (goal.kind === 'cost') {
    if (!(goal.ratio > 0 && Number.isFinite(goal.ratio)))
      refuse('ratio', goal.ratio, 'how many false alarms a missed positive costs, above 0');
    if (goal.prevalence !== undefined && !(goal.prevalence > 0 && goal.prevalence < 1))
      refuse('prevalence', goal.prevalence, 'the share of positives, between 0 and 1');
  }
}
