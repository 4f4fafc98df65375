import { join } from 'node:path';
import { isFinished, readExplanations, readRunMetrics } from '@nonlocal-med/runs';
import type { ExperimentPlan, PlannedRun } from './planExperiment.js';
import { describeFailure, spawnWorker } from './spawnWorker.js';

/** What to explain of an experiment. */
export interface ExplainExperimentOptions {
  readonly folder: string;
  /** Number of test images of each run, in proportion to the classes. */
  readonly images: number;
  readonly signal?: AbortSignal;
  readonly onRun?: (run: PlannedRun, done: number, total: number) => void;
}

/** A run that could not be explained. */
export interface ExplainFailure {
  readonly run: PlannedRun;
  readonly message: string;
}

/**
 * Explains the same test images with every row: with the finished run of its first repeat and the weights of the last
 * epoch, which the table uses too. Runs that are already explained are skipped.
 * @returns the runs that could not be explained; the others have a folder `explanations`
 */
export async function explainExperiment(
  plan: ExperimentPlan,
  { folder, images, signal, onRun }: ExplainExperimentOptions,
): Promise<ExplainFailure[]> {
  const first = plan.runs.filter(({ repeat }) => repeat === 0);
  const failures: ExplainFailure[] = [];
  for (const [index, run] of first.entries()) {
    onRun?.(run, index, first.length);
    if (signal?.aborted === true) break;
    const runFolder = join(folder, run.folder);
    if (!(await isFinished(folder, run)) || (await isExplained(runFolder, images))) continue;
    const exit = await spawnWorker({ type: 'explain', folder: runFolder, images }, { signal });
    if (exit.result?.type !== 'outcome') failures.push({ run, message: describeFailure(exit) });
  }
  if (signal?.aborted !== true) onRun?.(first[first.length - 1], first.length, first.length);
  return failures;
}

/** Whether at least this number of test images, or all of them, are explained with the last weights. */
async function isExplained(runFolder: string, images: number): Promise<boolean> {
  const metrics = await readRunMetrics(runFolder);
  const explanations = await readExplanations(runFolder).catch(() => null);
  if (metrics === null || explanations === null) return false;
  const { index } = explanations;
  return index.weights === 'last' && index.images.length >= Math.min(images, metrics.images.test);
}
