/** What executing, estimating and submitting an experiment have in common. */
import { UnavailableError, wrapText } from '@nonlocal-med/core';
import {
  type ExperimentPlan,
  type PlannedRun,
  type PreparedExperiment,
  prepareExperiment,
  provideWeights,
} from '@nonlocal-med/experiment';
import { isFinished } from '@nonlocal-med/runs';
import { createProgressDisplay } from '@nonlocal-med/terminal';

/** Checks the images of an experiment, and shows how far it is. */
export function checkImages(
  plan: ExperimentPlan,
  signal: AbortSignal,
): Promise<PreparedExperiment> {
  const display = createProgressDisplay();
  return prepareExperiment(plan, {
    signal,
    onProgress: (done, total) => display.stage('checking images', done, total),
  });
}

/** The requested runs that are not finished. */
export async function unfinishedRuns(
  folder: string,
  runs: readonly PlannedRun[],
): Promise<PlannedRun[]> {
  const finished = await Promise.all(runs.map((run) => isFinished(folder, run)));
  return runs.filter((_, index) => !finished[index]);
}

/**
 * Makes sure that the pre-trained weights of runs are on this machine.
 * @throws UnavailableError with the alternatives, if they cannot be downloaded
 */
export async function fetchWeights(
  runs: Parameters<typeof provideWeights>[0],
  alternatives: string,
): Promise<void> {
  try {
    await provideWeights(runs, (line) => void process.stderr.write(`${wrapText(line)}\n`));
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UnavailableError(`${error.message} Alternatives: ${alternatives}.`, { cause: error });
  }
}

/** What {@link fetchWeights} offers for an experiment. */
export const ROW_WEIGHTS = '--weights resnet18=FILE (and shufflenetv2=FILE), or --weights none';
