import type { ScoredSamples } from '../sample/scoredSamples.js';

/** Counts of ordered pairs of samples, from which all forms of multi-class AUC follow. */
export interface PairwiseAreas {
  readonly classes: number;
  /**
   * [classes, classes]: entry [a, b] sums, over pairs of one sample of class a and one of class b, 1 where the first has
   * the larger probability of class a and 1/2 where they tie. Divided by the number of pairs it is an AUC.
   */
  readonly areas: Float64Array;
  /** Weight of the samples of each class, [classes]. */
  readonly support: Float64Array;
}

/**
 * Counts ordered pairs in one pass over each class's presorted probabilities; each sample counts `weights[i]` times.
 * With two classes the second one's column serves both, as in scikit-learn: they mirror each other except for rounding.
 */
export function pairwiseAreas(samples: ScoredSamples, weights: Float64Array): PairwiseAreas {
  const { classes, labels } = samples;
  const areas = new Float64Array(classes * classes);
  const support = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) support[labels[i]] += weights[i];
  for (let c = classes === 2 ? 1 : 0; c < classes; c++)
    addClass(samples, { weights, areas, classIndex: c });
  if (classes === 2) areas[1] = areas[2];
  return { classes, areas, support };
}

function addClass(
  scored: ScoredSamples,
  {
    weights,
    areas,
    classIndex,
  }: { weights: Float64Array; areas: Float64Array; classIndex: number },
): void {
  const { classes, labels } = scored;
  const { samples, ends } = scored.order(classIndex);
  const row = classIndex * classes;
  const below = new Float64Array(classes);
  const tied = new Float64Array(classes);
  for (let rank = 0; rank < samples.length; rank++) {
    const sample = samples[rank];
    const weight = weights[sample];
    const label = labels[sample];
    if (ends[rank] === 1 && (rank === 0 || ends[rank - 1] === 1)) {
      // A score without ties, by far the most common case.
      if (label === classIndex)
        for (let b = 0; b < classes; b++) areas[row + b] += weight * below[b];
      else below[label] += weight;
      continue;
    }
    tied[label] += weight;
    if (ends[rank] === 0) continue;
    const positives = tied[classIndex];
    tied[classIndex] = 0;
    for (let b = 0; b < classes; b++) {
      areas[row + b] += positives * (below[b] + tied[b] / 2);
      below[b] += tied[b];
      tied[b] = 0;
    }
  }
}
