import type { Predictions } from '@nonlocal-med/core';
import { pickPredictions } from './pickPredictions.js';

/** The predictions whose truth is known (label not -1); the same object when that is all of them. */
export function labelledPredictions(predictions: Predictions): Predictions {
  if (predictions.labels.every((label) => label >= 0)) return predictions;
  return pickPredictions(
    predictions,
    predictions.ids.flatMap((_, i) => (predictions.labels[i] < 0 ? [] : [i])),
  );
}
