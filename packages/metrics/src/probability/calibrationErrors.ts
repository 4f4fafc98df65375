import type { ReliabilityBin } from './reliability.js';

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
