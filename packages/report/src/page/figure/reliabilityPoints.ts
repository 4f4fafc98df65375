import type { Predictions } from '@nonlocal-med/core';
import { calibration, wilsonInterval } from '@nonlocal-med/metrics';

/** Bins of confidence in the diagram. */
const BINS = 10;

/** One bin of one repeat. */
export interface ReliabilityPoint {
  readonly confidence: number;
  readonly accuracy: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/** Ten bins of equal width, those with images, with Wilson's interval of the share that was right. */
export function reliabilityPoints({ labels, probabilities }: Predictions): ReliabilityPoint[] {
  return calibration(labels, probabilities, { bins: BINS }).bins.flatMap(
    ({ count, confidence, accuracy }) => {
      if (confidence === null || accuracy === null) return [];
      const { lower, upper } = wilsonInterval(Math.round(accuracy * count), count)!;
      return [{ confidence, accuracy, lower, upper, count }];
    },
  );
}
