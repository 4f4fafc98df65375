import { csvField, InputError, type Predictions } from '@nonlocal-med/core';
import { checkPredictions } from '../input/checkPredictions.js';

/**
 * Predictions as CSV: `id,truth`, then one column a class under its name. The truth is the class's name, empty where it
 * is not known. Probabilities are written so that reading them gives the same float64 (at most 17 significant digits):
 * every metric can be recomputed from the file.
 *
 * @throws InputError when the predictions are not usable, or a class has no name.
 */
export function predictionsToCsv(predictions: Predictions): string {
  checkPredictions(predictions);
  const { classes, ids, labels, probabilities } = predictions;
  if (classes.includes(''))
    throw new InputError({
      path: 'classes',
      message: 'a class has no name',
      hint: 'a name for each: an empty truth means that it is not known',
    });
  const rows = ids.map((id, i) =>
    [
      csvField(id),
      labels[i] < 0 ? '' : csvField(classes[labels[i]]),
      ...probabilities.subarray(i * classes.length, (i + 1) * classes.length),
    ].join(','),
  );
  return `${[['id', 'truth', ...classes].map(csvField).join(','), ...rows].join('\n')}\n`;
}
