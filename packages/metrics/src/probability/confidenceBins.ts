import type { ScoredSamples } from '../sample/scoredSamples.js';

/** How confidences are sorted into bins: of equal width, or of as equal a number of samples as ties allow. */
export type Binning = 'equal-width' | 'equal-mass';

/** Confidences of the predicted classes and the bin of each. */
export interface ConfidenceBins {
  /** Probability of the predicted class, [count]. */
  readonly confidences: Float64Array;
  /** Bin of each sample, [count]. */
  readonly bins: Int32Array;
  /** Number of bins. */
  readonly count: number;
  /** Edges, [bins + 1]; bin b holds confidences in (edges[b], edges[b + 1]], the first one 0 too. */
  readonly edges: readonly number[];
}

/** Bins the confidences of samples (Guo et al. 2017). Equal confidences share a bin, whatever the order of the samples. */
export function confidenceBins(
  { classes, predicted, probabilities }: ScoredSamples,
  count: number,
  binning: Binning,
): ConfidenceBins {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`The number of bins is a whole number from 1 on, got ${count}.`);
  const confidences = Float64Array.from(predicted, (best, i) => probabilities[i * classes + best]);
  const edges =
    binning === 'equal-width'
      ? Array.from({ length: count + 1 }, (_, b) => b / count)
      : massEdges(confidences, count);
  const bins = Int32Array.from(confidences, (confidence) => {
    let bin = 0;
    while (bin < edges.length - 2 && confidence > edges[bin + 1]) bin++;
    return bin;
  });
  return { confidences, bins, count: edges.length - 1, edges };
}

/** Edges at the confidences where each further share of the samples is complete; ties may merge bins. */
function massEdges(confidences: Float64Array, count: number): number[] {
  const sorted = confidences.slice().sort();
  const edges = [0];
  for (let b = 1; b < count; b++) {
    const last = Math.round((b * sorted.length) / count) - 1;
    if (
      last >= 0 &&
      sorted[last] > edges[edges.length - 1] &&
      sorted[last] < sorted[sorted.length - 1]
    )
      edges.push(sorted[last]);
  }
  return [...edges, 1];
}
