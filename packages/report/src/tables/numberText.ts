import { meanAndStandardDeviation, type MetricEstimate } from '@nonlocal-med/metrics';

/**
 * `0.912 (0.88 to 0.94)`: a metric with its interval, with a third decimal if two would make its ends equal; a dash if the
 * metric is not defined.
 */
export function formatEstimate({ value, interval }: MetricEstimate): string {
  if (value === null) return '-';
  if (interval === undefined) return value.toFixed(3);
  const { lower, upper } = interval;
  const digits = lower.toFixed(2) === upper.toFixed(2) ? 3 : 2;
  return `${value.toFixed(3)} (${lower.toFixed(digits)} to ${upper.toFixed(digits)})`;
}

/** `0.123`, or `0.123 ± 0.010` over several repeats; a dash if no value is defined. */
export function formatMean(values: readonly (number | null)[], digits = 3): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '-';
  if (known.length === 1) return known[0].toFixed(digits);
  const { mean, standardDeviation } = meanAndStandardDeviation(known);
  return `${mean!.toFixed(digits)} ± ${standardDeviation!.toFixed(digits)}`;
}

/** `+0.021 (-0.004 to +0.046)`: a difference with its interval, if it has one; a dash if it is not defined. */
export function formatDifference(
  {
    difference,
    lower,
    upper,
  }: {
    readonly difference: number | null;
    readonly lower: number | null;
    readonly upper: number | null;
  },
  { scale = 1, digits = 3 }: { readonly scale?: number; readonly digits?: number } = {},
): string {
  if (difference === null) return '-';
  const signed = (value: number): string =>
    `${value < 0 ? '-' : '+'}${Math.abs(scale * value).toFixed(digits)}`;
  return lower === null || upper === null
    ? signed(difference)
    : `${signed(difference)} (${signed(lower)} to ${signed(upper)})`;
}

/** A p value with three decimals, `< 0.001` if it is smaller, a dash if there is none. */
export function formatPValue(pValue: number | null): string {
  if (pValue === null) return '-';
  return pValue < 0.001 ? '< 0.001' : pValue.toFixed(3);
}

/** `p = 0.031` or `p < 0.001`, for sentences. */
export function formatPStatement(pValue: number): string {
  return `p ${pValue < 0.001 ? '' : '= '}${formatPValue(pValue)}`;
}

/** A fraction in percent without the sign, as the paper prints it: 0.9248 -> `92.48`; a dash for null. */
export function formatPercent(fraction: number | null, digits = 2): string {
  return fraction === null ? '–' : (100 * fraction).toFixed(digits).replace('-', '−');
}

/** A difference of fractions in percentage points with its sign: 0.0123 -> `+1.23`; a dash for null. */
export function formatPointDifference(difference: number | null): string {
  if (difference === null) return '–';
  const text = Math.abs(100 * difference).toFixed(2);
  return text === '0.00' ? text : `${difference < 0 ? '−' : '+'}${text}`;
}
