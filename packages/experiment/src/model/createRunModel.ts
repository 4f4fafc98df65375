import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
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

/**
 * The model that a configuration names, with its seed's start or with pre-trained weights.
 * @throws InputError when the weights cannot be read or belong to another model.
 * @throws UnavailableError when "imagenet" weights are neither in the cache nor to be fetched.
 */
export async function createRunModel(config: RunConfig, classes: number, { onProgress }: { onProgress?: (line: string) => void } = {}): Promise<RunModel> {
  const file = await weightsFile(config.model, onProgress);
  const model = createModel(config.model.name, runModelOptions(config, classes));
  if (file === undefined) return { model };
  try {
    const report = await loadPretrained(model, file);
    return { model, loaded: { file, sha256: await sha256(file), report } };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function weightsFile({ name, weights, width }: RunConfig['model'], onProgress?: (line: string) => void): Promise<string | undefined> {
  if (weights !== 'imagenet') return weights;
  const { path } = await fetchImagenetWeights(name, { folder: join(cacheRoot(), 'weights'), width: width as number | undefined, onProgress });
  return path;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
