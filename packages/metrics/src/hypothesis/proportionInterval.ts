/** A proportion with an interval. */
export interface ProportionInterval {
  readonly proportion: number;
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
}

/** @throws RangeError unless 0 <= successes <= trials. */
export function checkProportion(successes: number, trials: number): void {
  if (!(successes >= 0 && successes <= trials))
    throw new RangeError(
      `A proportion takes 0 <= successes <= trials, got ${successes} of ${trials}.`,
    );
}
