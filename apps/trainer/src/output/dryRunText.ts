import { count, formatBytes } from '@nonlocal-med/core';
import type {
  ExperimentPlan,
  PlannedRun,
  PreparedExperiment,
  RowEstimate,
} from '@nonlocal-med/experiment';
import { formatDuration, formatTable } from '@nonlocal-med/terminal';

const protocols = {
  splits: 'each with a new split and seed',
  seeds: 'on one split, each with a new seed',
  folds: 'each on another fold',
  images: 'each with new images, split and seed',
} as const;

/** The state of an experiment before a dry run. */
export interface PlanTextOptions {
  readonly folder: string;
  /** Requested runs, at least one. */
  readonly runs: readonly PlannedRun[];
  /** Those that are not finished. */
  readonly left: readonly PlannedRun[];
  readonly prepared: PreparedExperiment;
}

/** The plan of an experiment: its data, its repeats with their splits, and its rows with their finished runs. */
export function planText(
  { name, caption, rows }: ExperimentPlan,
  { folder, runs, left, prepared: { dataset, sizes, manifest } }: PlanTextOptions,
): string {
  const { training, preprocessing } = runs[0].config;
  const { repeats } = manifest;
  const splits = new Set(
    sizes.map(({ train, validation, test }) => `${train} / ${validation} / ${test}`),
  );
  const weights = new Set(
    runs.map(({ config }) => config.model.weights ?? 'none (random initialization)'),
  );
  const body = rows.map(({ key, title, baseline, reproduced }) => {
    const all = runs.filter(({ row }) => row.key === key).length;
    const finished = all - left.filter(({ row }) => row.key === key).length;
    return [key, title, baseline ?? '', reproduced ? `${finished}/${all}` : 'quoted'];
  });
  return [
    `${name}: ${caption}`,
    '',
    `data       ${dataset.name}: ${dataset.samples.length} images, ${dataset.task === 'multilabel' ? count(dataset.classes.length, 'finding') : `${dataset.classes.length} classes`}`,
    `input      ${preprocessing.size.join(' x ')} pixels, ${count(training.epochs, 'epoch')}, batch size ${training.batchSize}${training.accumulateBatches > 1 ? ` x ${training.accumulateBatches}` : ''}`,
    `weights    ${[...weights].join(', ')}`,
    `repeats    ${repeats.count}, ${protocols[repeats.kind]}; train / validation / test ${[...splits].join(', ')}`,
    `folder     ${folder}`,
    '',
    formatTable(
      [
        { title: 'row' },
        { title: 'title' },
        { title: 'compared with' },
        { title: 'finished', align: 'right' },
      ],
      body,
    ),
  ].join('\n');
}

/** Estimated time and memory of the unfinished runs of an experiment, per row and in total. */
export function estimateText(estimates: readonly RowEstimate[], jobs: number): string {
  if (estimates.length === 0) return 'All runs are finished.';
  const seconds = estimates.reduce((sum, { secondsPerRun, runs }) => sum + secondsPerRun * runs, 0);
  const runs = estimates.reduce((sum, row) => sum + row.runs, 0);
  const memory = Math.max(...estimates.map(({ residentBytes }) => residentBytes));
  const titles = ['per batch', 'per run', 'runs left', 'total', 'memory'];
  const rows = estimates.map(
    ({ row, secondsPerBatch, secondsPerRun, runs: left, residentBytes }) => [
      row.key,
      formatDuration(secondsPerBatch),
      formatDuration(secondsPerRun),
      String(left),
      formatDuration(left * secondsPerRun),
      formatBytes(residentBytes),
    ],
  );
  const concurrent =
    jobs > 1 ? `; ${jobs} at the same time need up to ${formatBytes(jobs * memory)}` : '';
  return [
    formatTable(
      [{ title: 'row' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
      rows,
    ),
    '',
    `${count(runs, 'run')}, about ${formatDuration(seconds)} one after another, ${formatBytes(memory)} of memory${concurrent}.`,
    `Measured with the ${estimates[0].engine} backend in a few steps on random images. Runs take`,
    'longer while other programs use this machine.',
  ].join('\n');
}
