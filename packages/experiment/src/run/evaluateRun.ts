import { readFile } from 'node:fs/promises';
import { InputError, type Predictions } from '@nonlocal-med/core';
import type { EngineInfo } from '@nonlocal-med/engine';
import { evaluatePredictions, type EvaluationReport } from '@nonlocal-med/metrics';
import { createModel } from '@nonlocal-med/models';
import { openRunFolder, runFiles } from '@nonlocal-med/train';
import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RawOptions } from '../config/mergeOptions.js';
import { openRunData } from '../data/openRunData.js';
import { runModelOptions } from '../model/runModelOptions.js';
import { evaluateSamples } from './evaluateSamples.js';
import type { ProgressListener } from './progressListener.js';
import { requireSameData } from './requireSameData.js';
import { restoreRunWeights } from './restoreRunWeights.js';
import type { RunMetrics, WeightsChoice } from './runMetrics.js';
import { useRunEngine } from './useRunEngine.js';

/** What to evaluate. */
export interface EvaluateRunOptions extends ProgressListener {
  readonly folder: string;
  /** Default: the chosen epoch's where the run has a validation side, else the last. */
  readonly weights?: WeightsChoice;
  /** Default: the run's own. */
  readonly engine?: 'auto' | 'native' | 'wasm';
  readonly signal?: AbortSignal;
}

/** A run evaluated once more on its test side. */
export interface RunEvaluation {
  readonly folder: string;
  readonly weights: WeightsChoice;
  readonly epoch: number;
  readonly engine: EngineInfo;
  readonly predictions: Predictions;
  readonly report: EvaluationReport;
  /** What the run's `metrics.json` says of these weights; null where it says nothing. */
  readonly recorded: EvaluationReport | null;
}

/**
 * Evaluates a run on its own test side. On the same machine and engine this repeats the run's metrics exactly.
 * @throws InputError when the folder holds no trained run, or its images have changed.
 */
export async function evaluateRun({ folder, weights, engine: choice, signal, ...listener }: EvaluateRunOptions): Promise<RunEvaluation> {
  const run = await openRunFolder(folder);
  const config = parseRunConfig(run.config as RawOptions);
  const { engine, note } = await useRunEngine(run, config, choice);
  if (note !== undefined) listener.onNote?.(note);
  const data = await openRunData(config, { signal, onProgress: (done, total) => listener.onImages?.('checking images', done, total) });
  requireSameData(run, data);
  const { classes } = data.dataset;
  const model = createModel(config.model.name, runModelOptions(config, classes.length));
  try {
    const restored = await restoreEither(weights, (which) => restoreRunWeights(run, model, which));
    if (restored === null) throw new InputError({ where: folder, what: `the run has no ${weights ?? 'trained'} weights yet`, allowed: 'a run with at least one finished epoch' });
    const predictions = await evaluateSamples(model, data.split.test, { config, classes, signal, onProgress: (done, total) => listener.onImages?.('testing', done, total) });
    const recorded = await readMetrics(run.file(runFiles.metrics));
    return { folder: run.path, ...restored, engine, predictions, report: evaluatePredictions(predictions, { bootstrap: { seed: config.seed } }), recorded: recorded?.[restored.weights] ?? null };
  } finally {
    model.dispose();
  }
}

async function restoreEither(wanted: WeightsChoice | undefined, restore: (choice: WeightsChoice) => Promise<{ epoch: number } | null>): Promise<{ weights: WeightsChoice; epoch: number } | null> {
  for (const weights of wanted === undefined ? (['selected', 'last'] as const) : [wanted]) {
    const restored = await restore(weights);
    if (restored !== null) return { weights, ...restored };
  }
  return null;
}

async function readMetrics(file: string): Promise<RunMetrics | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as RunMetrics;
  } catch {
    return null;
  }
}
