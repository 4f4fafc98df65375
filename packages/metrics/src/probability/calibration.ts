import { scoreSamples } from '../sample/scoredSamples.js';
import { weigh } from '../sample/weighting.js';
import { type CalibrationErrors, calibrationErrors } from './calibrationErrors.js';
import { type Binning, confidenceBins } from './confidenceBins.js';
import { reliability, type ReliabilityBin } from './reliability.js';

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
    weigh(samples).weights,
  );
  return { ...calibrationErrors(bins), binning, bins };
}
