/** @throws RangeError when a confidence level is not strictly between 0 and 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`A confidence level is between 0 and 1, such as 0.95; got ${confidence}.`);
}
