/** Samples in the order of a score, with ties marked, so that a weighted rank statistic takes one pass without sorting. */
export interface ScoreOrder {
  /** Sample indices by ascending score, [count]. */
  readonly samples: Int32Array;
  /** 1 at the last sample of each run of equal scores, [count]. */
  readonly ends: Uint8Array;
}

/** Sorts `count` samples by a score without NaN; equal scores keep the order of the samples. */
export function scoreOrder(count: number, score: (sample: number) => number): ScoreOrder {
  const scores = Float64Array.from({ length: count }, (_, sample) => score(sample));
  const samples = Int32Array.from({ length: count }, (_, sample) => sample);
  samples.sort((a, b) => (scores[a] < scores[b] ? -1 : scores[a] > scores[b] ? 1 : a - b));
  const ends = Uint8Array.from(samples, (sample, rank) =>
    rank + 1 < count && scores[samples[rank + 1]] === scores[sample] ? 0 : 1,
  );
  return { samples, ends };
}

/** Positives and negatives at or above each distinct score, from the largest score down. */
export interface ThresholdCounts {
  readonly thresholds: readonly number[];
  readonly truePositives: readonly number[];
  readonly falsePositives: readonly number[];
}

/** Counts what each threshold that changes a decision would call positive; labels are 0 or 1. */
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
