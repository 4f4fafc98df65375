import { type ScoredSamples, scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';

/** A reliability diagram and its summary. */
export interface Calibration extends CalibrationErrors {
  readonly binning: Binning;
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Do the predicted classes come true as often as their probability claims? Bins of `equal-width` are (b/B, (b+1)/B];
 * bins of `equal-mass` hold equal numbers of samples as far as equal confidences, which share a bin, allow.
 *
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @returns errors that are null, and no bins, when there are no samples.
 * @throws InputError that lists labels outside the classes, NaN and rows that are no distribution, with their index.
 */
export function calibration(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  {
    bins: count = 15,
    binning = 'equal-width',
  }: { readonly bins?: number; readonly binning?: Binning } = {},
): Calibration {
  if (labels.length === 0) return { expected: null, maximum: null, binning, bins: [] };
  const samples = scoreSamples(labels, probabilities);
  const bins = reliability(
    samples,
    confidenceBins(samples, count, binning),
    weightSamples(samples).weights,
  );
  return { ...calibrationErrors(bins), binning, bins };
}

/** How confidences are sorted into bins: of equal width, or of as equal a number of samples as ties allow. */
export type Binning = 'equal-width' | 'equal-mass';

/** Confidences of the predicted classes and the bin of each. */
interface ConfidenceBins {
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

/** What was claimed and what came true in one bin of confidence. */
export interface ReliabilityBin {
  /** Confidences above this (from it on in the first bin). */
  readonly lower: number;
  /** Confidences up to this. */
  readonly upper: number;
  readonly count: number;
  /** Mean confidence; null when the bin is empty. */
  readonly confidence: number | null;
  /** Share of right predictions; null when the bin is empty. */
  readonly accuracy: number | null;
}

/** Sums samples into the bins of a reliability diagram; each counts `weights[i]` times. */
export function reliability(
  { labels, predicted }: ScoredSamples,
  { confidences, bins, count, edges }: ConfidenceBins,
  weights: Float64Array,
): ReliabilityBin[] {
  const totals = new Float64Array(count);
  const claimed = new Float64Array(count);
  const right = new Float64Array(count);
  for (let i = 0; i < bins.length; i++) {
    totals[bins[i]] += weights[i];
    claimed[bins[i]] += weights[i] * confidences[i];
    if (predicted[i] === labels[i]) right[bins[i]] += weights[i];
  }
  return Array.from(totals, (total, b) => ({
    lower: edges[b],
    upper: edges[b + 1],
    count: total,
    confidence: total > 0 ? claimed[b] / total : null,
    accuracy: total > 0 ? right[b] / total : null,
  }));
}

/** Distances between claim and truth over a reliability diagram. */
export interface CalibrationErrors {
  /** Mean |accuracy - confidence| over samples (ECE); null when there are no samples. */
  readonly expected: number | null;
  /** Largest |accuracy - confidence| of a bin that is not empty (MCE); null when there are no samples. */
  readonly maximum: number | null;
}

/** Expected and maximum calibration error (Naeini et al. 2015, Guo et al. 2017). */
export function calibrationErrors(bins: readonly ReliabilityBin[]): CalibrationErrors {
  let total = 0;
  let sum = 0;
  let maximum = 0;
  for (const { count, accuracy, confidence } of bins) {
    if (accuracy === null || confidence === null) continue;
    const gap = Math.abs(accuracy - confidence);
    total += count;
    sum += count * gap;
    maximum = Math.max(maximum, gap);
  }
  return total > 0 ? { expected: sum / total, maximum } : { expected: null, maximum: null };
}
