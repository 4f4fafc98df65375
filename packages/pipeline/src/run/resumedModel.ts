import { createModel } from '@nonlocal-med/models';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import { loadCheckpoint } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunModel, type RunModel } from '../model/createRunModel.js';
import { runModelOptions } from '../model/runModelOptions.js';

/**
 * The model of a run that goes on. Its weights come from the checkpoint; the pre-trained ones are needed again only where
 * the run was stopped before its first checkpoint.
 * @throws InputError when the file of the pre-trained weights has changed since the run began.
 */
export async function resumedModel(
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
