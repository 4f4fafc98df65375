import { placements } from '../ranking/binaryAuc.js';
import type { ScoredSamples } from '../sample/scoredSamples.js';

/** An AUC and the influence of each sample on it. */
export interface AucInfluence {
  readonly auc: number;
  /** [count]; their variances within the classes, each divided by the size of the class, add up to that of the AUC. */
  readonly components: Float64Array;
}

/** DeLong's components of a two-class AUC from any score; null when one of the classes is absent. Labels are 0 or 1. */
export function binaryInfluence(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): AucInfluence | null {
  const placed = placements(
    labels.length,
    (i) => labels[i] === 1,
    (i) => scores[i],
  );
  return placed === null ? null : { auc: placed.auc, components: placed.values };
}

/**
 * Macro one-vs-rest AUC with its influence components (specification, 10.3): with two classes DeLong's V10 and V01 of the
 * second one's column; with more, for sample i of class g among the C classes that have an AUC,
 * (1/C) [V10_g(i) + sum over c != g of n_g / (n - n_c) V01_c(i)].
 * @returns null when fewer than two classes are present
 */
export function aucInfluence({
  count,
  classes,
  labels,
  probabilities,
}: ScoredSamples): AucInfluence | null {
  const support = new Float64Array(classes);
  for (const label of labels) support[label]++;
  const columns = Array.from({ length: classes }, (_, c) => c)
    .slice(classes === 2 ? 1 : 0)
    .flatMap((c) => {
      const placed = placements(
        count,
        (i) => labels[i] === c,
        (i) => probabilities[i * classes + c],
      );
      return placed === null ? [] : [{ c, placed }];
    });
  if (columns.length === 0) return null;
  const components = new Float64Array(count);
  for (const { c, placed } of columns) {
    for (let i = 0; i < count; i++) {
      const share = labels[i] === c ? 1 : support[labels[i]] / placed.negatives;
      components[i] += (share * placed.values[i]) / columns.length;
    }
  }
  return {
    auc: columns.reduce((sum, { placed }) => sum + placed.auc, 0) / columns.length,
    components,
  };
}

/** Influence on the mean AUC of several models on the same samples; null when one of them has no AUC. */
export function meanInfluence(influences: readonly (AucInfluence | null)[]): AucInfluence | null {
  const defined = influences.filter((influence) => influence !== null);
  if (defined.length === 0 || defined.length < influences.length) return null;
  return {
    auc: defined.reduce((sum, { auc }) => sum + auc, 0) / defined.length,
    components: defined[0].components.map(
      (_, i) => defined.reduce((sum, { components }) => sum + components[i], 0) / defined.length,
    ),
  };
}

/** A variance, or why there is none. */
export interface VarianceEstimate {
  readonly variance: number | null;
  readonly undefinedBecause?: string;
}

/**
 * Variance of a statistic from its components: the sum over classes of (sample variance within the class, ddof 1) /
 * (size of the class).
 * @param components [count]
 * @param labels [count]
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
