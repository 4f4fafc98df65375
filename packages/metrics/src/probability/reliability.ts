import type { ScoredSamples } from '../sample/scoredSamples.js';
import type { ConfidenceBins } from './confidenceBins.js';

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
