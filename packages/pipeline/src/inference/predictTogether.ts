import { argmaxRows } from '@nonlocal-med/core';
import type { ImageSource } from '@nonlocal-med/data';
import { requireOneEnsemble } from './ensembleMembers.js';
import type { ExportedModel } from './openExportedModel.js';
import {
  type PredictedFile,
  predictFiles,
  type PredictOptions,
  type UnreadableFile,
} from './predictImages.js';

/**
 * Predicts image files with one model or with an ensemble: the mean of the members' probabilities. Each member prepares
 * the images as it was trained; times are sums, and an image is as unlike the training images as for the member that it
 * is most unlike.
 * @param models with the same classes; results have those of the first, in its order
 * @throws InputError if tasks, classes or bit depths differ
 */
export async function predictTogether(
  models: readonly ExportedModel[],
  sources: readonly ImageSource[],
  { onProgress, ...options }: PredictOptions,
): Promise<(PredictedFile | UnreadableFile)[]> {
  const [{ labels }] = models;
  requireOneEnsemble(models);
  const results: (PredictedFile | UnreadableFile)[][] = [];
  for (const [index, model] of models.entries())
    results.push(
      await predictFiles(model, sources, {
        ...options,
        onProgress: (done) =>
          onProgress?.(index * sources.length + done, models.length * sources.length),
      }),
    );
  if (models.length === 1) return results[0];
  const columns = models.map((model) => labels.map((name) => model.labels.indexOf(name)));
  return sources.map((_, image) =>
    joinResults(
      results.map((of) => of[image]),
      columns,
    ),
  );
}

function joinResults(
  results: readonly (PredictedFile | UnreadableFile)[],
  columns: readonly (readonly number[])[],
): PredictedFile | UnreadableFile {
  const unreadable = results.find((result) => 'reason' in result);
  if (unreadable !== undefined) return unreadable;
  const read = results as readonly PredictedFile[];
  const sum = (value: (result: PredictedFile) => number): number =>
    read.reduce((total, result) => total + value(result), 0);
  const [first] = read;
  const probabilities = first.probabilities.map(
    (_, c) =>
      read.reduce((total, result, member) => total + result.probabilities[columns[member][c]], 0) /
      read.length,
  );
  const unlike = read
    .flatMap((result) => result.unlike ?? [])
    .reduce<PredictedFile['unlike']>(
      (most, one) => (most === undefined || one.distance > most.distance ? one : most),
      undefined,
    );
  return {
    ...first,
    probabilities,
    predicted: argmaxRows(probabilities, probabilities.length)[0],
    ...(unlike === undefined ? {} : { unlike }),
    decodeMilliseconds: sum((result) => result.decodeMilliseconds),
    networkMilliseconds: sum((result) => result.networkMilliseconds),
    notes: [...new Set(read.flatMap((result) => result.notes))],
  };
}
