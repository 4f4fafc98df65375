import { placements } from '../ranking/placements.js';
import type { ScoredSamples } from '../sample/scoredSamples.js';

/** A macro AUC and how much each sample moves it. */
export interface AucInfluence {
  readonly auc: number;
  /** Component of each sample, [count]; its variances within the classes, each over the class's size, add up to that of the AUC. */
  readonly components: Float64Array;
}

/**
 * Macro one-vs-rest AUC with its influence components (spec 10.3): with two classes DeLong's V10 and V01 of the second
 * one's column; with more, for sample i of class g among the C classes that have an AUC,
 * (1/C) [V10_g(i) + sum over c != g of n_g / (n - n_c) V01_c(i)].
 *
 * @returns null when fewer than two classes are present.
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
