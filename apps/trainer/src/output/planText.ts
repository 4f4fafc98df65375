import type { ExperimentPlan, PlannedRun, PreparedExperiment } from '@nonlocal-med/experiment';
import { formatTable } from '@nonlocal-med/terminal';

const kinds = {
  splits: 'a new split and seed each',
  seeds: 'one split, a new seed each',
  folds: 'a fold each',
} as const;

/** What an experiment would do: its rows, its repeats with their sides, and what is left of it. */
export function planText(
  { name, caption, rows, repeats }: ExperimentPlan,
  {
    folder,
    runs,
    left,
    prepared: { dataset, sizes },
  }: {
    readonly folder: string;
    readonly runs: readonly PlannedRun[];
    readonly left: readonly PlannedRun[];
    readonly prepared: PreparedExperiment;
  },
): string {
  const { epochs, batchSize } = runs[0].config.training;
  const { size } = runs[0].config.preprocessing;
  const sides = sizes.map(({ train, validation, test }) => `${train} / ${validation} / ${test}`);
  const columns = [
    { title: 'row' },
    { title: 'title' },
    { title: 'compared with' },
    { title: 'finished', align: 'right' as const },
  ];
  const body = rows.map(({ key, title, baseline, reproduced }) => {
    const own = runs.filter(({ row }) => row.key === key);
    return [
      key,
      title,
      baseline ?? '',
      reproduced
        ? `${own.length - left.filter(({ row }) => row.key === key).length}/${own.length}`
        : 'quoted',
    ];
  });
  return [
    `${name}: ${caption}`,
    '',
    `data       ${dataset.name}: ${dataset.samples.length} images, ${dataset.classes.length} classes`,
    `input      ${size.join(' x ')} pixels, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, batches of ${batchSize}`,
    `weights    ${[...new Set(runs.map(({ config }) => config.model.weights ?? 'none: rows begin from their seeds'))].join(', ')}`,
    `repeats    ${repeats.count}, ${kinds[repeats.kind]}; train / validation / test ${new Set(sides).size === 1 ? sides[0] : sides.join(', ')}`,
    `folder     ${folder}`,
    '',
    formatTable(columns, body),
  ].join('\n');
}
