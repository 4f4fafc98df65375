import { join } from 'node:path';
import { isFinished, readExplanations, readRunMetrics } from '@nonlocal-med/runs';
import type { ExperimentPlan, PlannedRun } from './planExperiment.js';
import { spawnWorker } from './spawnWorker.js';

/** What of an experiment is explained. */
export interface ExplainExperimentOptions {
  readonly folder: string;
  /** Test images of each run, in proportion to the classes. */
  readonly images: number;
  readonly signal?: AbortSignal;
  readonly onRun?: (run: PlannedRun, done: number, total: number) => void;
}

/** A run that could not be explained, and why. */
export interface ExplainFailure {
  readonly run: PlannedRun;
  readonly message: string;
}

/**
 * Explains the same test images by every row: the finished run of its first repeat, each in a process of its own, with
 * the last epoch's weights, as the table has them. Runs whose explanations are there already are passed over.
 * @returns runs that could not be explained; the others have their `explanations` folder.
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
    if (!(await isFinished(folder, run)) || (await isExplained(join(folder, run.folder), images)))
      continue;
    const { last, ended, errors } = await spawnWorker(
      { type: 'explain', folder: join(folder, run.folder), images },
      { signal },
    );
    if (last?.type !== 'outcome')
      failures.push({
        run,
        message:
          last?.type === 'failed'
            ? last.message
            : `the process ended with ${ended}: ${errors.trim().split('\n').at(-1)}`,
      });
  }
  if (signal?.aborted !== true) onRun?.(first[first.length - 1], first.length, first.length);
  return failures;
}

/** Whether the requested number of images, or the whole test set, is explained with the weights of the last epoch. */
async function isExplained(run: string, images: number): Promise<boolean> {
  const metrics = await readRunMetrics(run);
  const explanations = await readExplanations(run).catch(() => null);
  if (metrics === null || explanations === null) return false;
  const { index } = explanations;
  return index.weights === 'last' && index.images.length >= Math.min(images, metrics.images.test);
}
