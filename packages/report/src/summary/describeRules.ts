import type { RepeatKind, WeightsChoice } from '@nonlocal-med/runs';
import { FEWEST_REPEATS } from './judgeComparison.js';

/** What the rules of a table depend on. */
export interface RuleFacts {
  readonly kind: RepeatKind;
  /** Repeats that were planned. */
  readonly repeats: number;
  readonly weights: WeightsChoice;
  readonly level: number;
  readonly confidence: number;
  readonly resamples: number;
  /** Most comparisons of one metric. */
  readonly comparisons: number;
}

/** How the numbers of a summary are made, one sentence each, for the foot of a table. */
export function describeRules({
  kind,
  repeats,
  weights,
  level,
  confidence,
  resamples,
  comparisons,
}: RuleFacts): string[] {
  const rules = [
    'ACC one-vs-rest is the accuracy of one class against the rest, averaged over the classes; ACC top-1 the share of images given their class. SEN is the mean over the classes.',
    `Weights of ${weights === 'last' ? 'the last epoch' : 'the epoch chosen on the validation side'}${repeats === 1 ? '' : `; mean ± standard deviation (n - 1) over ${repeatsText[kind]}`}.`,
    `Intervals are ${repeats === 1 ? '' : 'of the mean, '}${confidence * 100} %, from ${resamples} resamples of test images${repeats === 1 ? '' : ' (each drawn for all repeats that test it)'}: they speak of other images, not of other training runs, and take several images of one patient for independent ones.`,
  ];
  if (comparisons === 0) return rules;
  return [
    ...rules,
    `A difference from the row's baseline is more than noise when ${testText[kind]} p < ${level} after Holm's correction for the ${comparisons} comparison${comparisons === 1 ? '' : 's'} of a metric, over at least ${FEWEST_REPEATS} repeats.${limitText[kind]}`,
  ];
}

const repeatsText: Record<RepeatKind, string> = {
  splits: 'repeats, each with a split and a seed of its own',
  seeds: 'seeds on one split',
  folds: 'folds',
};

const testText: Record<RepeatKind, string> = {
  splits: 'the corrected resampled t test over repeats (Nadeau and Bengio 2003) has',
  folds: 'the corrected resampled t test over folds (Nadeau and Bengio 2003) has',
  seeds:
    'the paired t test over seeds and the test on the same images (DeLong for AUC, paired bootstrap for the rest) both have',
};

const limitText: Record<RepeatKind, string> = {
  splits: '',
  folds: '',
  seeds: ' Another split of the images may give another result.',
};
