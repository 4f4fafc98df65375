import { InputError, type TaskPredictions } from '@nonlocal-med/core';
import { alignPredictions } from '@nonlocal-med/metrics';

/** Whether two models were tested on the same images with the same classes or findings and labels, in any order. */
export function sameImages(a: TaskPredictions, b: TaskPredictions): boolean {
  try {
    alignPredictions([a, b]);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
