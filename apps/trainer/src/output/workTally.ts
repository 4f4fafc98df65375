import type { TrainingEvent } from '@nonlocal-med/core';
import type { PlannedRun, PreparedExperiment } from '@nonlocal-med/experiment';

/** How much of an experiment is done, in training steps, and how long the rest will take. */
export interface WorkTally {
  /** Steps of all runs. */
  readonly total: number;
  done(): number;
  /** Undefined before a step was seen. */
  secondsLeft(): number | undefined;
  take(run: PlannedRun, event: TrainingEvent): void;
  /** A run has no steps left, however many it took. */
  end(run: PlannedRun): void;
}

/**
 * Rows differ in what a step costs: the time left takes each row's own mean step where one was seen, and the mean of
 * the rows seen for the others.
 */
export function createWorkTally(
  runs: readonly PlannedRun[],
  { sizes, jobs }: { readonly sizes: PreparedExperiment['sizes']; readonly jobs: number },
): WorkTally {
  const steps = new Map(
    runs.map((run) => [
      run,
      run.config.training.epochs *
        Math.ceil(sizes[run.repeat].train / run.config.training.batchSize),
    ]),
  );
  const done = new Map(runs.map((run) => [run, 0]));
  const seen = new Map<string, { steps: number; seconds: number }>();
  const sum = (values: Iterable<number>): number =>
    [...values].reduce((total, value) => total + value, 0);

  const secondsPerStep = (key: string): number | undefined => {
    const own = seen.get(key);
    if (own !== undefined) return own.seconds / own.steps;
    const rates = [...seen.values()].map((row) => row.seconds / row.steps);
    return rates.length === 0 ? undefined : sum(rates) / rates.length;
  };

  return {
    total: sum(steps.values()),
    done: () => sum(done.values()),
    secondsLeft() {
      if (seen.size === 0) return undefined;
      return (
        sum(runs.map((run) => (steps.get(run)! - done.get(run)!) * secondsPerStep(run.row.key)!)) /
        jobs
      );
    },
    take(run, event) {
      if (event.type === 'start') done.set(run, event.resumedAtStep);
      if (event.type !== 'step') return;
      done.set(run, event.step);
      const row = seen.get(run.row.key) ?? { steps: 0, seconds: 0 };
      seen.set(run.row.key, {
        steps: row.steps + 1,
        seconds: row.seconds + (event.milliseconds + event.waitMilliseconds) / 1000,
      });
    },
    end: (run) => void done.set(run, steps.get(run)!),
  };
}
