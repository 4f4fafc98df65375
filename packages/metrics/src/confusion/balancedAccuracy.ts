import type { ConfusionMatrix } from './confusionMatrix.js';
import { sensitivity } from './sensitivity.js';

/**
 * Balanced accuracy: the mean of the sensitivities of the classes present. `adjusted` moves it so that chance is 0 and
 * perfection 1, (value - 1/C) / (1 - 1/C) for C classes present (scikit-learn's definition).
 *
 * @returns null when there are no samples; adjusted also when only one class is present.
 */
export function balancedAccuracy(
  matrix: ConfusionMatrix,
  { adjusted = false }: { readonly adjusted?: boolean } = {},
): number | null {
  const value = sensitivity(matrix);
  if (value === null || !adjusted) return value;
  let present = 0;
  for (let c = 0; c < matrix.classes; c++) if (sensitivity(matrix, { of: c }) !== null) present++;
  return present < 2 ? null : (value - 1 / present) / (1 - 1 / present);
}
