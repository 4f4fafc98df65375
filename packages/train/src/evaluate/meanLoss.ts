import type { Predictions } from '@nonlocal-med/core';
import { logLoss } from '@nonlocal-med/metrics';

/**
 * Mean cross-entropy of predictions, without class weights: scikit-learn's `log_loss`, which counts a probability below
 * 2^-52 as 2^-52, so that the mean stays finite. Null where there are no predictions.
 * @throws InputError when a sample has no label.
 */
export function meanLoss({ labels, probabilities }: Predictions): number | null {
  return logLoss(labels, probabilities);
}
