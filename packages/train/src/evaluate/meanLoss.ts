import type { Predictions } from '@nonlocal-med/core';

/**
 * Mean cross-entropy of predictions, without class weights. A probability that rounds to zero counts as the smallest
 * positive number (a loss of 744.4), so that the mean stays finite. NaN where there are no predictions.
 */
export function meanLoss({ labels, probabilities, classes }: Predictions): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] < 0) throw new RangeError(`Sample ${i} has no label: its loss is not defined.`);
    sum -= Math.log(Math.max(probabilities[i * classes.length + labels[i]], Number.MIN_VALUE));
  }
  return sum / labels.length;
}
