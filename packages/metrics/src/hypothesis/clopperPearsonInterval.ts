import { betaQuantile } from '../distributions/betaQuantile.js';
import { checkConfidence } from '../input/checkConfidence.js';
import { checkProportion, type ProportionInterval } from './proportionInterval.js';

/**
 * Clopper and Pearson's (1934) exact interval of a proportion: never below its nominal coverage, often well above.
 *
 * @returns null without trials.
 * @throws RangeError unless 0 <= successes <= trials.
 */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): ProportionInterval | null {
  checkProportion(successes, trials);
  checkConfidence(confidence);
  if (trials === 0) return null;
  const tail = (1 - confidence) / 2;
  return {
    proportion: successes / trials,
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    upper: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
    confidence,
  };
}
