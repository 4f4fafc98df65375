import { InputError, type Predictions } from '@nonlocal-med/core';
import { alignPredictions } from './alignPredictions.js';
import { checkPredictions } from './checkPredictions.js';
import { labelledPredictions } from './labelledPredictions.js';

/**
 * Checked predictions of one or more models, samples without known truth left out, all in the first one's order.
 * @throws InputError when there are no models, one is not usable, or they speak of different samples.
 */
export function comparableModels(models: readonly Predictions[]): Predictions[] {
  if (models.length === 0)
    throw new InputError({
      path: 'predictions',
      message: 'no model is given',
      hint: 'one or more',
    });
  models.forEach(checkPredictions);
  return alignPredictions(models).map(labelledPredictions);
}
