import { join } from 'node:path';
import { cacheRoot } from '@nonlocal-med/engine';
import { createModel, describeLoadReport, type LoadReport } from '@nonlocal-med/models';
import { fetchImagenetWeights, loadPretrained } from '@nonlocal-med/models/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { runModelOptions } from './runModelOptions.js';

/** A run's model at its start, and what became of the pre-trained weights. */
export interface RunModel {
  readonly model: LayersModel;
  readonly loaded?: { readonly file: string; readonly report: LoadReport; readonly summary: string };
}

/**
 * The model that a configuration names, with its seed's start or with pre-trained weights.
 * @throws InputError when the weights cannot be read or belong to another model.
 * @throws UnavailableError when "imagenet" weights are neither in the cache nor to be fetched.
 */
export async function createRunModel(config: RunConfig, classes: number, { onProgress }: { onProgress?: (line: string) => void } = {}): Promise<RunModel> {
  const { name, weights } = config.model;
  const file = weights === 'imagenet' ? (await fetchImagenetWeights(name, { folder: join(cacheRoot(), 'weights'), width: config.model.width as number | undefined, onProgress })).path : weights;
  const model = createModel(name, runModelOptions(config, classes));
  if (file === undefined) return { model };
  const report = await loadPretrained(model, file);
  return { model, loaded: { file, report, summary: describeLoadReport(report) } };
}
