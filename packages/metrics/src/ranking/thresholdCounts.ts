import { scoreOrder } from '../sample/scoreOrder.js';

/** Positives and negatives at or above each distinct score, from the largest score down. */
export interface ThresholdCounts {
  readonly thresholds: readonly number[];
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
}

/** What every threshold that changes a decision would call positive; labels are 0 or 1. */
export function thresholdCounts(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): ThresholdCounts {
  const { samples, ends } = scoreOrder(labels.length, (i) => scores[i]);
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let positives = 0;
  for (let rank = samples.length - 1; rank >= 0; rank--) {
    if (labels[samples[rank]] === 1) positives++;
    if (rank > 0 && ends[rank - 1] === 0) continue;
    thresholds.push(scores[samples[rank]]);
    truePositives.push(positives);
    falsePositives.push(samples.length - rank - positives);
  }
  return { thresholds, truePositives, falsePositives };
}
