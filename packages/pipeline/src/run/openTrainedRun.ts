import { join } from 'node:path';
import { commandLine, InputError, type PrecisionChoice, type Task } from '@nonlocal-med/core';
import type { EngineInfo } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { openRunFolder, runFiles, type RunFolder, type WeightsChoice } from '@nonlocal-med/runs';
import {
  loadCheckpoint,
  type Precision,
  repeatPrecision,
  resolvePrecision,
  restoreKernelChoices,
  restoreWeights,
} from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { runModelOptions } from '../config/runModelOptions.js';
import { recordedEnvironment } from './describeEnvironment.js';
import { useRunEngine } from './runEngine.js';

/** Which run to open, and how. */
export interface OpenTrainedRunOptions {
  readonly folder: string;
  /** Default: `selected` (the best checkpoint) if the run has a validation set, else `last`. */
  readonly weights?: WeightsChoice;
  /** Compute backend; default: the one that the run was trained on. */
  readonly engine?: 'auto' | 'native' | 'wasm';
  /** Type in which convolutions and matrix products are computed; default: as in training, where it is available. */
  readonly precision?: PrecisionChoice;
  readonly onNote?: (line: string) => void;
}

/** A trained run with its model on its compute backend. The caller disposes the model. */
export interface TrainedRun {
  readonly run: RunFolder;
  readonly config: RunConfig;
  readonly engine: EngineInfo;
  readonly task: Task;
  /** The classes, or the findings of the task `multilabel`. */
  readonly classes: readonly string[];
  /** From normalized images [batch, height, width, 3] to logits [batch, classes]. */
  readonly model: LayersModel;
  readonly weights: WeightsChoice;
  /** The epoch after which the weights were saved. */
  readonly epoch: number;
  /** The file that they were read from. */
  readonly weightsFile: string;
  /** Type in which its model is to be computed now; `config` has it, too. */
  readonly precision: Precision;
  /** The same in its training. */
  readonly trainedPrecision: Precision;
}

/**
 * Opens a trained run: selects its backend and restores its model from a checkpoint.
 * @throws InputError if the folder does not contain a run with such weights.
 */
export async function openTrainedRun({
  folder,
  weights,
  engine: backend,
  precision,
  onNote,
}: OpenTrainedRunOptions): Promise<TrainedRun> {
  const run = await openRunFolder(folder);
  const config = readRunConfig(run, onNote);
  const { classes, task = 'multiclass' } = recordedEnvironment(run).data!;
  const { engine, note } = await useRunEngine(run, config, { backend });
  if (note !== undefined) onNote?.(note);
  const model = createModel(config.model.name, runModelOptions(config, { classes, task }));
  try {
    const trained = config.training.precision;
    const resolved =
      precision === undefined ? repeatPrecision(trained) : resolvePrecision(precision, model);
    if (resolved.note !== undefined) onNote?.(resolved.note);
    const restored = await restoreEither(run, model, weights);
    return {
      run,
      config: { ...config, training: { ...config.training, precision: resolved.precision } },
      engine,
      task,
      classes,
      model,
      precision: resolved.precision,
      trainedPrecision: trained === 'bfloat16' ? 'bfloat16' : 'float32',
      ...restored,
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function restoreEither(
  run: RunFolder,
  model: LayersModel,
  wanted: WeightsChoice | undefined,
): Promise<Pick<TrainedRun, 'weights' | 'epoch' | 'weightsFile'>> {
  for (const weights of wanted === undefined ? (['selected', 'last'] as const) : [wanted]) {
    const restored = await restoreRunWeights(run, model, weights);
    if (restored !== null) return { weights, ...restored };
  }
  throw new InputError({
    path: run.path,
    message: `the run has no ${wanted ?? 'trained'} weights yet`,
    hint: `a run with at least one finished epoch; continue this one with ${commandLine('trainer', 'resume', run.path)}`,
  });
}

/**
 * Restores the weights of a run's last or best checkpoint into a model, and the kernels that the run was computed with
 * into the engine.
 * @returns the epoch of the checkpoint and the file of its weights; null if the run has no such checkpoint
 */
export async function restoreRunWeights(
  run: RunFolder,
  model: LayersModel,
  choice: WeightsChoice,
): Promise<{ epoch: number; weightsFile: string } | null> {
  const loaded = await loadCheckpoint(run.file(choice === 'last' ? runFiles.last : runFiles.best));
  if (loaded === null) return null;
  const { weights, kernelChoices, progress } = loaded.checkpoint;
  restoreWeights(model, weights);
  restoreKernelChoices(kernelChoices);
  return { epoch: progress.epoch, weightsFile: join(loaded.path, 'weights.safetensors') };
}
