import { normalCdf } from '../distributions/normalCdf.js';
import { normalQuantile } from '../distributions/normalQuantile.js';

/**
 * Which quantiles of the resamples a bias-corrected and accelerated (BCa) interval takes (Efron 1987).
 *
 * @param ascending replicates in ascending order
 * @returns null when the estimate lies outside all replicates: its bias has no finite correction.
 */
export function bcaShares(
  ascending: Float64Array,
  estimate: number,
  { acceleration, confidence }: { readonly acceleration: number; readonly confidence: number },
): [lower: number, upper: number] | null {
  let below = 0;
  for (const value of ascending) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  const share = below / ascending.length;
  if (share === 0 || share === 1) return null;
  const bias = normalQuantile(share);
  const corrected = (tail: number): number => {
    const z = bias + normalQuantile(tail);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [corrected((1 - confidence) / 2), corrected((1 + confidence) / 2)];
}
