import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Fault, type Predictions, throwFaults } from '@nonlocal-med/core';
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
  const faults = await Promise.all(
    files.map(async (file): Promise<Fault[]> => {
      const found = await stat(file).catch(() => undefined);
      if (found === undefined) return [{ where: file, what: 'does not exist' }];
      return found.isFile() ? [] : [{ where: file, what: 'is not a file', allowed: 'image files' }];
    }),
  );
  throwFaults(faults.flat());
  const samples = files.map((file) => ({ id: file, file: resolve(file), label: 0 }));
  const predictions = await predictSamples(model, samples, options);
  return { ...predictions, labels: new Int32Array(files.length).fill(-1) };
}
