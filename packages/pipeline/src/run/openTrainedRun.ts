import { InputError } from '@nonlocal-med/core';
import type { EngineInfo } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { openRunFolder, runFiles, type RunFolder, type WeightsChoice } from '@nonlocal-med/runs';
import { loadCheckpoint, restoreKernelChoices, restoreWeights } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RawOptions } from '../config/mergeOptions.js';
import { runModelOptions } from '../config/modelOptions.js';
import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { useRunEngine } from './runEngine.js';

/** What to open of a run. */
export interface OpenTrainedRunOptions {
  readonly folder: string;
  /** Default: the chosen epoch's where the run has a validation side, else the last. */
  readonly weights?: WeightsChoice;
  /** Default: the run's own. */
  readonly engine?: 'auto' | 'native' | 'wasm';
  readonly onNote?: (line: string) => void;
}

/** A run with its model on its engine. The caller disposes the model. */
export interface TrainedRun {
  readonly run: RunFolder;
  readonly config: RunConfig;
  readonly engine: EngineInfo;
  readonly classes: readonly string[];
  /** From normalised images to logits. */
  readonly model: LayersModel;
  readonly weights: WeightsChoice;
  /** The epoch that the weights are of. */
  readonly epoch: number;
}

/**
 * Opens a trained run: its engine, its model with the weights asked for.
 * @throws InputError when the folder holds no trained run.
 */
export async function openTrainedRun({
  folder,
  weights,
  engine: choice,
  onNote,
}: OpenTrainedRunOptions): Promise<TrainedRun> {
  const run = await openRunFolder(folder);
  const config = parseRunConfig(run.config as RawOptions);
  const { classes } = (run.environment as { data: { classes: string[] } }).data;
  const { engine, note } = await useRunEngine(run, config, choice);
  if (note !== undefined) onNote?.(note);
  const model = createModel(config.model.name, runModelOptions(config, classes.length));
  try {
    return { run, config, engine, classes, model, ...(await restoreEither(run, model, weights)) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function restoreEither(
  run: RunFolder,
  model: LayersModel,
  wanted: WeightsChoice | undefined,
): Promise<{ weights: WeightsChoice; epoch: number }> {
  for (const weights of wanted === undefined ? (['selected', 'last'] as const) : [wanted]) {
    const restored = await restoreRunWeights(run, model, weights);
    if (restored !== null) return { weights, ...restored };
  }
  throw new InputError({
    path: run.path,
    message: `the run has no ${wanted ?? 'trained'} weights yet`,
    hint: 'a run with at least one finished epoch',
  });
}

/**
 * Gives a model the weights of a run's last epoch, or of the epoch chosen on its validation side, and the engine the
 * kernels that the run was computed with.
 * @returns the epoch they are of; null where the run has no such weights.
 */
export async function restoreRunWeights(
  run: RunFolder,
  model: LayersModel,
  choice: WeightsChoice,
): Promise<{ epoch: number } | null> {
  const loaded = await loadCheckpoint(run.file(choice === 'last' ? runFiles.last : runFiles.best));
  if (loaded === null) return null;
  const { weights, kernelChoices, progress } = loaded.checkpoint;
  restoreWeights(model, weights);
  restoreKernelChoices(kernelChoices);
  return { epoch: progress.epoch };
}
