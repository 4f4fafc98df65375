import type { TrainingEvent } from '@nonlocal-med/core';
import type { PlannedRun, PreparedExperiment } from '@nonlocal-med/experiment';

/** The progress of an experiment in training steps, and the remaining time. */
export interface WorkProgress {
  /** Steps of all runs. */
  readonly total: number;
  done(): number;
  /** Undefined before the first step. */
  secondsLeft(): number | undefined;
  add(run: PlannedRun, event: TrainingEvent): void;
  /** Marks a run as complete, however many steps it took. */
  finish(run: PlannedRun): void;
}

/**
 * Creates the progress of an experiment. Steps of different rows take different times, so the
 * remaining time uses the mean step of each row, and the mean over the measured rows for others.
 */
export function createWorkProgress(
  runs: readonly PlannedRun[],
  { sizes, jobs }: { readonly sizes: PreparedExperiment['sizes']; readonly jobs: number },
): WorkProgress {
  const steps = new Map(
    runs.map((run) => {
      const { epochs, batchSize, accumulateBatches } = run.config.training;
      const batches = Math.ceil(sizes[run.repeat].train / batchSize);
      return [run, epochs * Math.ceil(batches / accumulateBatches)];
    }),
  );
  const done = new Map(runs.map((run) => [run, 0]));
  const measured = new Map<string, { steps: number; seconds: number }>();
  const sum = (values: Iterable<number>): number =>
    [...values].reduce((total, value) => total + value, 0);

  const secondsPerStep = (row: string): number => {
    const own = measured.get(row);
    if (own !== undefined) return own.seconds / own.steps;
    return sum([...measured.values()].map(({ seconds, steps }) => seconds / steps)) / measured.size;
  };

  return {
    total: sum(steps.values()),
    done: () => sum(done.values()),
    secondsLeft() {
      if (measured.size === 0) return undefined;
      const seconds = runs.map(
        (run) => (steps.get(run)! - done.get(run)!) * secondsPerStep(run.row.key),
      );
      return sum(seconds) / jobs;
    },
    add(run, event) {
      if (event.type === 'start') done.set(run, event.resumedAtStep);
      if (event.type !== 'step') return;
      done.set(run, event.step);
      const row = measured.get(run.row.key) ?? { steps: 0, seconds: 0 };
      measured.set(run.row.key, {
        steps: row.steps + 1,
        seconds: row.seconds + (event.milliseconds + event.waitMilliseconds) / 1000,
      });
    },
    finish: (run) => void done.set(run, steps.get(run)!),
  };
}
