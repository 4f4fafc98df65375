import { meanAndStandardDeviation } from '@nonlocal-med/metrics';

/** `0.123`, or `0.123 ± 0.010` over several repeats; a dash where nothing is defined. */
export function meanText(values: readonly (number | null)[], digits = 3): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '-';
  if (known.length === 1) return known[0].toFixed(digits);
  const { mean, standardDeviation: deviation } = meanAndStandardDeviation(known);
  return `${mean!.toFixed(digits)} ± ${deviation!.toFixed(digits)}`;
}
