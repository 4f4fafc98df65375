import type { ScoreOrder } from '../sample/scoreOrder.js';

/** Average precision along presorted scores, positives and weights by sample index; null without positives. */
export function orderedAveragePrecision(
  { samples, ends }: ScoreOrder,
  isPositive: Uint8Array,
  weights: Float64Array,
): number | null {
  let positives = 0;
  let all = 0;
  let newPositives = 0;
  let sum = 0;
  for (let rank = samples.length - 1; rank >= 0; rank--) {
    const sample = samples[rank];
    const weight = weights[sample];
    all += weight;
    if (isPositive[sample] === 1) newPositives += weight;
    if (rank > 0 && ends[rank - 1] === 0) continue;
    positives += newPositives;
    if (newPositives > 0) sum += (newPositives * positives) / all;
    newPositives = 0;
  }
  return positives > 0 ? sum / positives : null;
}
