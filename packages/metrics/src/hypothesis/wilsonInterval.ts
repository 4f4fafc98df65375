import { normalQuantile } from '../distributions/normalQuantile.js';
import { checkConfidence } from '../input/checkConfidence.js';
import { checkProportion, type ProportionInterval } from './proportionInterval.js';

/**
 * Wilson's (1927) score interval of a proportion: close to its nominal coverage also for few trials and near 0 and 1.
 *
 * @returns null without trials.
 * @throws RangeError unless 0 <= successes <= trials.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): ProportionInterval | null {
  checkProportion(successes, trials);
  checkConfidence(confidence);
  if (trials === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const square = (z * z) / trials;
  const proportion = successes / trials;
  const middle = (proportion + square / 2) / (1 + square);
  const reach =
    (z * Math.sqrt((proportion * (1 - proportion)) / trials + square / (4 * trials))) /
    (1 + square);
  return {
    proportion,
    lower: successes === 0 ? 0 : middle - reach,
    upper: successes === trials ? 1 : middle + reach,
    confidence,
  };
}
