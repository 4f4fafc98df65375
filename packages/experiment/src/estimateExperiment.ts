import { UnavailableError } from '@nonlocal-med/core';
import { omitKeys } from '@nonlocal-med/pipeline';
import type { ExperimentPlan, PlannedRow, PlannedRun } from './planExperiment.js';
import type { PreparedExperiment, RepeatSize } from './prepareExperiment.js';
import { spawnWorker } from './spawnWorker.js';
import type { StepCost } from './workerMessages.js';

/** What the runs of one row will cost. */
export interface RowEstimate extends StepCost {
  readonly row: PlannedRow;
  /** Of one run, on average over the repeats. */
  readonly secondsPerRun: number;
  /** Runs that are left to be made. */
  readonly runs: number;
}

/** A step of evaluation is a third of a training step: a forward pass without the two backward ones. */
const EVALUATION = 1 / 3;
/** Start, checks, intervals and export of a run, seconds. */
const OVERHEAD = 10;

/**
 * Measures a few training steps of every row that has runs left, each in a process of its own, and what that makes of its runs. The
 * measured steps compute on random images, so reading and equalising are not in it; they are done beside the steps.
 * @param left runs that are still to be made
 * @throws UnavailableError where a row's steps cannot be taken, such as for want of memory.
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
  const random = {
    ...config,
    model: { ...omitKeys(config.model, 'weights'), name: config.model.name },
  };
  const { last, ended, errors } = await spawnWorker(
    { type: 'measure', config: random, classes },
    { signal },
  );
  signal?.throwIfAborted();
  if (last?.type === 'cost') return last.cost;
  throw new UnavailableError(
    `${row.key}: no training step could be taken: ${last?.type === 'failed' ? last.message : `the process ended with ${ended}${errors === '' ? '' : `: ${errors.trim().split('\n').at(-1)}`}`}`,
  );
}

function runSeconds(
  { secondsPerStep }: StepCost,
  { epochs, batchSize }: PlannedRun['config']['training'],
  { train, validation, test }: RepeatSize,
): number {
  const batches = (images: number): number => Math.ceil(images / batchSize);
  return (
    OVERHEAD +
    secondsPerStep *
      (epochs * batches(train) + EVALUATION * (epochs * batches(validation) + 2 * batches(test)))
  );
}
