import { join } from 'node:path';
import { readInputFile, writeAtomic } from '@nonlocal-med/core/node';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ExportOptions } from '../export/exportableModel.js';
import { artifactFiles, exportFiles } from '../export/exportFiles.js';
import { filesHandler } from '../export/filesHandler.js';

/**
 * Writes a trained model for its users, see {@link exportFiles}. Each file is written atomically, `model.json` last.
 * @throws InputError when the labels or the size do not fit the model, or the model was not created by `createModel`.
 */
export async function exportModel(
  model: LayersModel,
  folder: string,
  options: ExportOptions,
): Promise<void> {
  const files = await exportFiles(model, options);
  for (const name of ['weights.safetensors', 'weights.bin', 'model.json'] as const)
    await writeAtomic(join(folder, name), files[name]);
}

/**
 * Loads and saves models in TF.js's format in a folder, also where `file://` is not supported (without tfjs-node):
 * `tf.loadLayersModel(folderHandler(folder))`, `model.save(folderHandler(folder))`. Loading throws an InputError when a
 * file cannot be read or is not a model.
 */
export function folderHandler(folder: string): Required<Pick<tf.io.IOHandler, 'load' | 'save'>> {
  return {
    ...filesHandler((name) => readInputFile(join(folder, name)), folder),
    save: (artifacts) => saveArtifacts(folder, artifacts),
  };
}

async function saveArtifacts(
  folder: string,
  artifacts: tf.io.ModelArtifacts,
): Promise<tf.io.SaveResult> {
  const files = artifactFiles(artifacts);
  await writeAtomic(join(folder, 'weights.bin'), files['weights.bin']);
  await writeAtomic(join(folder, 'model.json'), files['model.json']);
  return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
}
