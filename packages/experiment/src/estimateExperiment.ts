import { UnavailableError } from '@nonlocal-med/core';
import { omitKeys } from '@nonlocal-med/pipeline';
import type { ExperimentPlan, PlannedRow, PlannedRun } from './planExperiment.js';
import type { PreparedExperiment, SplitSize } from './prepareExperiment.js';
import { describeFailure, spawnWorker } from './spawnWorker.js';
import type { StepCost } from './workerMessages.js';

/** Expected cost of the runs of one row. */
export interface RowEstimate extends StepCost {
  readonly row: PlannedRow;
  /** Mean over the repeats. */
  readonly secondsPerRun: number;
  /** Number of runs that remain to be executed. */
  readonly runs: number;
}

/** Cost of an evaluation step relative to a training step: a forward pass without the backward pass. */
const EVALUATION_COST = 1 / 3;
/** Time for start, checks, intervals and export of a run, in seconds. */
const OVERHEAD_SECONDS = 10;

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
    const cost = await measure(runs[0], { classes: dataset.classes.length, signal });
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

async function measure(
  { row, config }: PlannedRun,
  { classes, signal }: { readonly classes: number; readonly signal?: AbortSignal },
): Promise<StepCost> {
  const model = { ...omitKeys(config.model, 'weights'), name: config.model.name };
  const exit = await spawnWorker(
    { type: 'measure', config: { ...config, model }, classes },
    { signal },
  );
  signal?.throwIfAborted();
  if (exit.result?.type === 'cost') return exit.result.cost;
  throw new UnavailableError(
    `${row.key}: no training step could be executed: ${describeFailure(exit)}`,
  );
}

function runSeconds(
  { secondsPerStep }: StepCost,
  { epochs, batchSize }: PlannedRun['config']['training'],
  { train, validation, test }: SplitSize,
): number {
  const batches = (images: number): number => Math.ceil(images / batchSize);
  const trainingSteps = epochs * batches(train);
  const evaluationSteps = epochs * batches(validation) + 2 * batches(test);
  return OVERHEAD_SECONDS + secondsPerStep * (trainingSteps + EVALUATION_COST * evaluationSteps);
}
