import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { cacheRoot, hashFile, readFailure } from '@nonlocal-med/core/node';
import { createModel, type LoadReport } from '@nonlocal-med/models';
import { fetchImagenetWeights, loadPretrained } from '@nonlocal-med/models/node';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import { loadCheckpoint } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { type ModelOutputs, runModelOptions } from '../config/runModelOptions.js';
import { recordedEnvironment } from './describeEnvironment.js';

/** A file of pre-trained weights, and which of its tensors were used. */
export interface LoadedWeights {
  readonly file: string;
  readonly sha256: string;
  readonly report: LoadReport;
}

interface RunModelOptions {
  readonly onProgress?: (line: string) => void;
  /** SHA-256 that the file of pre-trained weights must have. */
  readonly sha256?: string;
}

/**
 * Creates the model of a run, with initial weights from its seed or with pre-trained weights.
 * @returns the model, to be disposed by the caller, and the pre-trained weights if there are any
 * @throws InputError if the weights cannot be read, do not fit the model, or have another hash than expected.
 * @throws UnavailableError if "imagenet" weights are not cached and cannot be downloaded.
 */
export async function createRunModel(
  config: RunConfig,
  outputs: ModelOutputs,
  { onProgress, sha256: expected }: RunModelOptions = {},
): Promise<{ model: LayersModel; loaded?: LoadedWeights }> {
  const file = await findWeights(config.model, onProgress);
  const sha256 = file === undefined ? undefined : await hashWeights(file);
  if (expected !== undefined && sha256 !== expected)
    throw new InputError({
      path: `model.weights: ${file}`,
      message: 'has changed since the run was started',
      hint: `the file with SHA-256 ${expected}, or a new run`,
    });
  const model = createModel(config.model.name, runModelOptions(config, outputs));
  if (file === undefined || sha256 === undefined) return { model };
  try {
    return { model, loaded: { file, sha256, report: await loadPretrained(model, file) } };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function findWeights(
  { name, weights, width }: RunConfig['model'],
  onProgress?: (line: string) => void,
): Promise<string | undefined> {
  if (weights !== 'imagenet') return weights;
  const { path } = await fetchImagenetWeights(name, {
    folder: join(cacheRoot(), 'weights'),
    width: width as number | undefined,
    onProgress,
  });
  return path;
}

async function hashWeights(file: string): Promise<string> {
  try {
    return await hashFile(file);
  } catch (error) {
    throw new InputError(
      {
        path: `model.weights: ${file}`,
        message: readFailure(error),
        hint: 'a .pth or .safetensors file, or "imagenet"',
      },
      { cause: error },
    );
  }
}

/**
 * Creates the model of a run that is resumed. Its weights come from the checkpoint later on; the file of pre-trained
 * weights is needed only if the run was stopped before its first checkpoint.
 * @throws InputError if the file of pre-trained weights has changed since the run was started.
 */
export async function createResumedModel(
  run: RunFolder,
  config: RunConfig,
  { outputs, onProgress }: { outputs: ModelOutputs; onProgress?: (line: string) => void },
): Promise<LayersModel> {
  const needsFile =
    config.model.weights !== undefined && (await loadCheckpoint(run.file(runFiles.last))) === null;
  if (!needsFile) return createModel(config.model.name, runModelOptions(config, outputs));
  const sha256 = recordedEnvironment(run).pretrained?.sha256;
  return (await createRunModel(config, outputs, { onProgress, sha256 })).model;
}
