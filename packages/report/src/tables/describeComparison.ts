import type { PredictionComparison } from '@nonlocal-med/metrics';
import { pValueText } from './pValueText.js';

/** Differences with a smaller p-value are called more than chance. */
const LEVEL = 0.05;

/** The AUC's p-value corrected for the number of comparisons that are made. */
export interface Correction {
  readonly adjusted?: number | null;
  readonly comparisons?: number;
}

/**
 * One plain sentence on whether the AUCs of two models differ by more than chance in the choice of test images,
 * whichever way it goes, and one on what it does not say.
 * @param names of the first and the second model; `comparison` is of the second (A) against the first (B).
 */
export function describeComparison(
  [first, second]: readonly [string, string],
  { auc, samples }: PredictionComparison,
  { adjusted, comparisons = 1 }: Correction = {},
): string {
  const { difference, undefinedBecause } = auc;
  const pValue = adjusted ?? auc.pValue;
  if (difference === null || pValue === null)
    return `The AUCs of ${first} and ${second} cannot be compared: ${undefinedBecause ?? 'they are not defined'}.`;
  const size = Math.abs(difference).toFixed(3);
  const test = `DeLong's test on ${samples} test images, p ${pValue < 0.001 ? '' : '= '}${pValueText(pValue)}${comparisons > 1 ? ` after Holm's correction for ${comparisons} comparisons` : ''}`;
  const [better, worse] = difference > 0 ? [second, first] : [first, second];
  const verdict =
    pValue < LEVEL
      ? `${better} has the higher AUC, by ${size}; that is more than chance in the test images explains (${test}).`
      : `The AUCs of ${first} and ${second} differ by ${size}, no more than chance in the test images explains (${test}).`;
  return `${verdict}\nThis is one training of each: another seed moves the numbers too, and only repeats show by how much.${pValue < LEVEL ? ` It does not say that ${worse} is worse on other images.` : ''}`;
}
