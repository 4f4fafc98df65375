import { readFile } from 'node:fs/promises';
import type { Predictions } from '@nonlocal-med/core';
import type { EngineInfo } from '@nonlocal-med/engine';
import type { EvaluationReport } from '@nonlocal-med/metrics';
import { runFiles, type RunMetrics, type WeightsChoice } from '@nonlocal-med/runs';
import { openRunData, requireSameData } from '../data/runData.js';
import { openTrainedRun } from './openTrainedRun.js';
import type { ProgressListener } from './progressListener.js';
import { evaluateSamples, reportTest } from './testRun.js';

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
export async function evaluateRun({
  folder,
  weights: wanted,
  engine: choice,
  signal,
  ...listener
}: EvaluateRunOptions): Promise<RunEvaluation> {
  const { run, config, engine, classes, model, weights, epoch } = await openTrainedRun({
    folder,
    weights: wanted,
    engine: choice,
    onNote: listener.onNote,
  });
  try {
    const data = await openRunData(config, {
      signal,
      onProgress: (done, total) => listener.onImages?.('checking images', done, total),
    });
    requireSameData(run, data);
    const predictions = await evaluateSamples(model, data.split.test, {
      config,
      classes,
      signal,
      onProgress: (done, total) => listener.onImages?.('testing', done, total),
    });
    const recorded = await readMetrics(run.file(runFiles.metrics));
    return {
      folder: run.path,
      weights,
      epoch,
      engine,
      predictions,
      report: reportTest(predictions, data.split.test, config.seed),
      recorded: recorded?.[weights] ?? null,
    };
  } finally {
    model.dispose();
  }
}

async function readMetrics(file: string): Promise<RunMetrics | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as RunMetrics;
  } catch {
    return null;
  }
}
