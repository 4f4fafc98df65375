/** A variance, or why there is none. */
export interface VarianceEstimate {
  readonly variance: number | null;
  readonly undefinedBecause?: string;
}

/**
 * Variance of a statistic from its components: the sum over classes of (sample variance within the class, ddof 1) /
 * (size of the class).
 */
export function componentVariance(
  components: Float64Array,
  labels: ArrayLike<number>,
): VarianceEstimate {
  const members = new Map<number, number[]>();
  for (let i = 0; i < components.length; i++) {
    const known = members.get(labels[i]);
    if (known === undefined) members.set(labels[i], [components[i]]);
    else known.push(components[i]);
  }
  let variance = 0;
  for (const [label, values] of members) {
    if (values.length < 2)
      return {
        variance: null,
        undefinedBecause: `class ${label} has a single sample, from which no variance can be estimated`,
      };
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    variance +=
      values.reduce((sum, value) => sum + (value - mean) ** 2, 0) /
      (values.length - 1) /
      values.length;
  }
  return { variance };
}
