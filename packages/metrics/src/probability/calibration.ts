import { type ScoredSamples, scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';

/** A reliability diagram and its summary. */
export interface Calibration extends CalibrationErrors {
  readonly binning: Binning;
  readonly bins: readonly ReliabilityBin[];
}

/** How confidences are binned: into equal widths, or into equal numbers of samples as far as ties allow. */
export type Binning = 'equal-width' | 'equal-mass';

/** How a reliability diagram is binned. */
export interface CalibrationOptions {
  /** Default 15. */
  readonly bins?: number;
  /** Default `equal-width`. */
  readonly binning?: Binning;
}

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  /** Confidences above this; in the first bin from this on. */
  readonly lower: number;
  /** Confidences up to this. */
  readonly upper: number;
  readonly count: number;
  /** Mean confidence; null when the bin is empty. */
  readonly confidence: number | null;
  /** Fraction of correct predictions; null when the bin is empty. */
  readonly accuracy: number | null;
}

/** Distances between confidence and accuracy over a reliability diagram. */
export interface CalibrationErrors {
  /** Mean |accuracy - confidence| over samples (ECE); null when there are no samples. */
  readonly expected: number | null;
  /** Largest |accuracy - confidence| over bins that are not empty (MCE); null when there are no samples. */
  readonly maximum: number | null;
}

/**
 * Calibration of the predicted classes: whether they are correct as often as their probability states. Bins of
 * `equal-width` are (b/B, (b+1)/B]; bins of `equal-mass` hold equal numbers of samples, except that equal confidences
 * share a bin. Expected and maximum error as in Naeini et al. (2015) and Guo et al. (2017).
 * @param labels class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @param options.bins number of bins; default 15
 * @returns null errors and no bins when there are no samples
 * @throws RangeError when the lengths do not match or the number of bins is not a positive integer
 * @throws InputError that lists labels that are not class indices and rows that are not distributions, with their index
 */
export function calibration(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: CalibrationOptions = {},
): Calibration {
  const classes = labels.length === 0 ? 2 : undefined;
  return samplesCalibration(scoreSamples(labels, probabilities, classes), options);
}

/** Calibration of samples that are checked already; see {@link calibration}. */
export function samplesCalibration(
  samples: ScoredSamples,
  { bins: count = 15, binning = 'equal-width' }: CalibrationOptions = {},
): Calibration {
  if (samples.count === 0) return { expected: null, maximum: null, binning, bins: [] };
  const bins = reliability(
    samples,
    confidenceBins(samples, count, binning),
    weightSamples(samples).weights,
  );
  return { ...calibrationErrors(bins), binning, bins };
}

/** Summary of a reliability diagram. */
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

/** Sums samples into the bins of a reliability diagram; each counts `weights[i]` times. */
export function reliability(
  { labels, predicted }: ScoredSamples,
  { confidences, bins, count, edges }: ConfidenceBins,
  weights: Float64Array,
): ReliabilityBin[] {
  const totals = new Float64Array(count);
  const confidenceSums = new Float64Array(count);
  const correct = new Float64Array(count);
  for (let i = 0; i < bins.length; i++) {
    totals[bins[i]] += weights[i];
    confidenceSums[bins[i]] += weights[i] * confidences[i];
    if (predicted[i] === labels[i]) correct[bins[i]] += weights[i];
  }
  return Array.from(totals, (total, b) => ({
    lower: edges[b],
    upper: edges[b + 1],
    count: total,
    confidence: total > 0 ? confidenceSums[b] / total : null,
    accuracy: total > 0 ? correct[b] / total : null,
  }));
}

/** Confidences of the predicted classes and the bin of each. */
export interface ConfidenceBins {
  /** Probability of the predicted class, [count]. */
  readonly confidences: Float64Array;
  /** Bin of each sample, [count]. */
  readonly bins: Int32Array;
  /** Number of bins. */
  readonly count: number;
  /** Edges, [bins + 1]; bin b holds confidences in (edges[b], edges[b + 1]], the first one also 0. */
  readonly edges: readonly number[];
}

/**
 * Sorts samples into bins of confidence.
 * @throws RangeError when the number of bins is not a positive integer
 */
export function confidenceBins(
  { classes, predicted, probabilities }: ScoredSamples,
  count: number,
  binning: Binning,
): ConfidenceBins {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`The number of bins must be a positive integer, got ${count}.`);
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

/** Edges at the confidences that complete each equal part of the samples; ties may merge bins. */
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
