import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@nonlocal-med/core';
import { cacheRoot } from '@nonlocal-med/core/node';
import { createModel, type LoadReport } from '@nonlocal-med/models';
import { fetchImagenetWeights, loadPretrained } from '@nonlocal-med/models/node';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import { loadCheckpoint } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { runModelOptions } from '../config/modelOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';

/** A run's model at its start, and what became of the pre-trained weights. */
interface RunModel {
  readonly model: LayersModel;
  readonly loaded?: { readonly file: string; readonly sha256: string; readonly report: LoadReport };
}

/** How {@link createRunModel} goes about the weights. */
interface RunModelOptions {
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

/**
 * The model of a run that goes on. Its weights come from the checkpoint; the pre-trained ones are needed again only where
 * the run was stopped before its first checkpoint.
 * @throws InputError when the file of the pre-trained weights has changed since the run began.
 */
export async function createResumedModel(
  run: RunFolder,
  config: RunConfig,
  { classes, onProgress }: { classes: number; onProgress?: (line: string) => void },
): Promise<LayersModel> {
  const fromFile =
    config.model.weights !== undefined && (await loadCheckpoint(run.file(runFiles.last))) === null;
  if (!fromFile) return createModel(config.model.name, runModelOptions(config, classes));
  const before = (
    run.environment as { pretrained?: Partial<NonNullable<RunModel['loaded']>> } | null
  )?.pretrained;
  return (await createRunModel(config, classes, { onProgress, sha256: before?.sha256 })).model;
}
