/** Whether a metric counts down: the loss does, every other one counts up. */
function lowerIsBetter(metric: string): boolean {
  return metric === 'loss';
}

/** Whether `value` is better than `reference` by more than `minimumDelta`; anything defined is better than nothing. */
export function improves(
  metric: string,
  {
    value,
    reference,
    minimumDelta = 0,
  }: {
    value: number | null | undefined;
    reference: number | null | undefined;
    minimumDelta?: number;
  },
): boolean {
  if (value === null || value === undefined) return false;
  if (reference === null || reference === undefined) return true;
  return lowerIsBetter(metric)
    ? value < reference - minimumDelta
    : value > reference + minimumDelta;
}
