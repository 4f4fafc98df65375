import { measureRun, runSeconds } from './estimateRun.js';
import type { ExperimentPlan, PlannedRow, PlannedRun } from './planExperiment.js';
import type { PreparedExperiment } from './prepareExperiment.js';
import type { StepCost } from './workerMessages.js';

/** Expected cost of the runs of one row. */
export interface RowEstimate extends StepCost {
  readonly row: PlannedRow;
  /** Mean over the repeats. */
  readonly secondsPerRun: number;
  /** Number of runs that remain to be executed. */
  readonly runs: number;
}

/**
 * Estimates the cost of an experiment: measures a few training steps of each row with remaining runs in a separate
 * process. Steps are measured on random images, because images are read and preprocessed concurrently.
 * @param options.left runs that remain to be executed; default: all
 * @throws UnavailableError if no step of a row can be executed, for example for lack of memory.
 */
export async function estimateExperiment(
  plan: ExperimentPlan,
  { dataset, sizes }: PreparedExperiment,
  {
    left = plan.runs,
    signal,
    onRow,
  }: {
    readonly left?: readonly PlannedRun[];
    readonly signal?: AbortSignal;
    readonly onRow?: (done: number, total: number) => void;
  } = {},
): Promise<RowEstimate[]> {
  const rows = plan.rows.filter((row) => left.some((run) => run.row === row));
  const estimates: RowEstimate[] = [];
  for (const row of rows) {
    onRow?.(estimates.length, rows.length);
    const runs = plan.runs.filter((run) => run.row === row);
    const cost = await measureRun(runs[0].config, {
      name: row.key,
      classes: dataset.classes.length,
      signal,
    });
    const seconds = runs.map(({ config, repeat }) =>
      runSeconds(cost, config.training, sizes[repeat]),
    );
    estimates.push({
      row,
      ...cost,
      secondsPerRun: seconds.reduce((sum, one) => sum + one, 0) / seconds.length,
      runs: left.filter((run) => run.row === row).length,
    });
  }
  onRow?.(rows.length, rows.length);
  return estimates;
}
