/** The files that `evaluate --predictions FILE.csv` writes. */
import { extname } from 'node:path';
import type { CsvOptions, TaskPredictions } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { type DecidedPredictions, decisionsToCsv, predictionsToCsv } from '@nonlocal-med/metrics';
import { attributesToCsv } from '@nonlocal-med/runs';

/**
 * Writes predictions as `NAME.csv`, and beside them what is known of the images as `NAME-attributes.csv`, and what is decided
 * about them as `NAME-decisions.csv`.
 * @param file absolute path of the predictions
 * @param options decided: at the operating points of the model; null if it has none
 */
export async function writePredictions(
  file: string,
  {
    predictions,
    decided,
  }: { readonly predictions: TaskPredictions; readonly decided: DecidedPredictions | null },
  options?: CsvOptions,
): Promise<void> {
  const beside = (kind: string): string =>
    `${file.slice(0, file.length - extname(file).length)}-${kind}.csv`;
  await writeAtomic(file, predictionsToCsv(predictions, options));
  const attributes = attributesToCsv(predictions, options);
  if (attributes !== null) await writeAtomic(beside('attributes'), attributes);
  if (decided !== null && (decided.decisions[0] ?? []).length > 0)
    await writeAtomic(beside('decisions'), decisionsToCsv(decided, options));
}
