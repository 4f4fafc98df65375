import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Issue, type Predictions, throwIssues } from '@nonlocal-med/core';
import type { ExportedModel } from './openExportedModel.js';
import { predictSamples, type PredictSamplesOptions } from './predictSamples.js';

/**
 * Class probabilities of image files whose truth is not known.
 * @returns predictions with the paths as ids and -1 as labels, in the order of the files.
 * @throws InputError with every file that is missing, or the first that cannot be read as an image.
 */
export async function predictImages(
  model: ExportedModel,
  files: readonly string[],
  options: PredictSamplesOptions = {},
): Promise<Predictions> {
  const issues = await Promise.all(
    files.map(async (file): Promise<Issue[]> => {
      const found = await stat(file).catch(() => undefined);
      if (found === undefined) return [{ path: file, message: 'does not exist' }];
      return found.isFile() ? [] : [{ path: file, message: 'is not a file', hint: 'image files' }];
    }),
  );
  throwIssues(issues.flat());
  const samples = files.map((file) => ({ id: file, file: resolve(file), label: 0 }));
  const predictions = await predictSamples(model, samples, options);
  return { ...predictions, labels: new Int32Array(files.length).fill(-1) };
}
