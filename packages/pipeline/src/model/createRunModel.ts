import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@nonlocal-med/core';
import { cacheRoot } from '@nonlocal-med/core/node';
import { createModel, type LoadReport } from '@nonlocal-med/models';
import { fetchImagenetWeights, loadPretrained } from '@nonlocal-med/models/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { runModelOptions } from './runModelOptions.js';

/** A run's model at its start, and what became of the pre-trained weights. */
export interface RunModel {
  readonly model: LayersModel;
  readonly loaded?: { readonly file: string; readonly sha256: string; readonly report: LoadReport };
}

/** How {@link createRunModel} goes about the weights. */
export interface RunModelOptions {
  readonly onProgress?: (line: string) => void;
  /** The SHA-256 that the file of the weights must have. */
  readonly sha256?: string;
}

/**
 * The model that a configuration names, with its seed's start or with pre-trained weights.
 * @throws InputError when the weights cannot be read, belong to another model or are not the ones expected.
 * @throws UnavailableError when "imagenet" weights are neither in the cache nor to be fetched.
 */
export async function createRunModel(
  config: RunConfig,
  classes: number,
  { onProgress, sha256: expected }: RunModelOptions = {},
): Promise<RunModel> {
  const file = await weightsFile(config.model, onProgress);
  const found = file === undefined ? undefined : await sha256(file);
  if (expected !== undefined && found !== expected)
    throw new InputError({
      path: `model.weights: ${file}`,
      message: 'has changed since the run began',
      hint: `the file with SHA-256 ${expected}, or a new run`,
    });
  const model = createModel(config.model.name, runModelOptions(config, classes));
  if (file === undefined || found === undefined) return { model };
  try {
    return { model, loaded: { file, sha256: found, report: await loadPretrained(model, file) } };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function weightsFile(
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

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw new InputError(
      {
        path: `model.weights: ${file}`,
        message: `cannot be read: ${(error as NodeJS.ErrnoException).code}`,
        hint: 'a .pth or .safetensors file, or "imagenet"',
      },
      { cause: error },
    );
  }
  return hash.digest('hex');
}
