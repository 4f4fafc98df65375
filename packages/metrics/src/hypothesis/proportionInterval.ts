import { betaQuantile } from '../distributions/beta.js';
import { normalQuantile } from '../distributions/normal.js';
import { checkConfidence } from '../input/checkArguments.js';

/** A proportion with an interval. */
export interface ProportionInterval {
  readonly proportion: number;
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
}

/**
 * Wilson's (1927) score interval of a proportion: close to its nominal coverage, also with few trials and near 0 and 1.
 * @returns null without trials
 * @throws RangeError unless 0 <= successes <= trials and the confidence is between 0 and 1
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
  const center = (proportion + square / 2) / (1 + square);
  const halfWidth =
    (z * Math.sqrt((proportion * (1 - proportion)) / trials + square / (4 * trials))) /
    (1 + square);
  return {
    proportion,
    lower: successes === 0 ? 0 : center - halfWidth,
    upper: successes === trials ? 1 : center + halfWidth,
    confidence,
  };
}

/**
 * Clopper and Pearson's (1934) exact interval of a proportion: never below its nominal coverage, often well above.
 * @returns null without trials
 * @throws RangeError unless 0 <= successes <= trials and the confidence is between 0 and 1
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

function checkProportion(successes: number, trials: number): void {
  if (!(successes >= 0 && successes <= trials))
    throw new RangeError(
      `A proportion needs 0 <= successes <= trials, got ${successes} of ${trials}.`,
    );
}
