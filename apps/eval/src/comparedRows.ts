/** What is compared or shown on a page: runs, an experiment, and predictions made elsewhere. */
import { basename } from 'node:path';
import { InputError, type ViewsChoice } from '@nonlocal-med/core';
import { fileExists } from '@nonlocal-med/core/node';
import { shortNames } from '@nonlocal-med/report';
import {
  combineExperiments,
  ensembleRun,
  type ExperimentRecord,
  externalRun,
  type ExternalSource,
  headlineWeights,
  isExperimentFolder,
  onCommonImages,
  predictionsFileRun,
  readExperimentFolder,
  readRun,
  type RunRecord,
  viewsRun,
  type WeightsChoice,
} from '@nonlocal-med/runs';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { rejectUnused } from './options.js';

/** An argument: a folder, or files of predictions made elsewhere. */
export type Operand =
  { readonly folder: string; readonly isExperiment: boolean } | { readonly source: ExternalSource };

/**
 * Reads arguments: the folder of a run or of an experiment, `FILE.csv`, `NAME=FILE.csv`, or `NAME=A.csv,B.csv` for the
 * readers of a reader study.
 */
export async function readOperands(texts: readonly string[]): Promise<Operand[]> {
  return Promise.all(
    texts.map(async (text): Promise<Operand> => {
      const path = resolveUserPath(text);
      const isFile = /\.(?:csv|tsv|txt)$/i.test(text);
      if (!isFile) return { folder: path, isExperiment: await isExperimentFolder(path) };
      const [, name, files] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
      if (name === undefined || (await fileExists(path)))
        return { source: { name: basename(path).replace(/\.[a-z]+$/i, ''), files: [path] } };
      return {
        source: {
          name: name.trim(),
          files: files.split(',').map((file) => resolveUserPath(file.trim())),
        },
      };
    }),
  );
}

/**
 * The experiments among the arguments, with the predictions made elsewhere that are added to their table.
 * @returns undefined if there is none
 * @throws InputError if they are combined with runs
 */
export function experimentOf(
  operands: readonly Operand[],
):
  { readonly folders: readonly string[]; readonly sources: readonly ExternalSource[] } | undefined {
  const folders = operands.flatMap((operand) => ('folder' in operand ? [operand] : []));
  const experiment = folders.find(({ isExperiment }) => isExperiment);
  if (experiment === undefined) return undefined;
  if (!folders.every(({ isExperiment }) => isExperiment))
    throw new InputError({
      path: experiment.folder,
      message: 'an experiment cannot be combined with runs',
      hint: 'one experiment, several cross-validations of one model each, or one or more runs; files of predictions may be added to all',
    });
  return {
    folders: folders.map(({ folder }) => folder),
    sources: operands.flatMap((operand) => ('source' in operand ? [operand.source] : [])),
  };
}

/** The experiment in a folder, or the experiments in several as the rows of one; with the weights to show by default. */
export async function readExperiments(
  folders: readonly string[],
  options: { readonly ensembles?: boolean; readonly tta?: ViewsChoice } = {},
): Promise<{ readonly record: ExperimentRecord; readonly weights: WeightsChoice }> {
  if (folders.length > 1) refuseMoreRows(options);
  const records: ExperimentRecord[] = [];
  for (const folder of folders) records.push(await readExperimentFolder(folder, options));
  const hasBest = records.every((record) => headlineWeights(record) === 'selected');
  return {
    record: records.length === 1 ? records[0] : combineExperiments(records, shortNames(folders)),
    weights: hasBest ? 'selected' : 'last',
  };
}

/** Experiments are compared by the single models of their only trained rows. */
function refuseMoreRows({
  ensembles,
  tta,
}: {
  readonly ensembles?: boolean;
  readonly tta?: ViewsChoice;
}): void {
  rejectUnused(
    { '--ensembles': ensembles === true ? 'true' : undefined, '--tta': tta },
    'for one experiment at a time, such as an experiment file with all rows: several are compared by their single models',
  );
}

/**
 * Reads runs, and predictions made elsewhere for the test images of the first of them, in the order of the arguments.
 * Without a run, the first file must have the format of a run's predictions.
 * @param options ensembles: add the ensemble of the runs; tta: add each run with these views of the images; common: use the test images that all have
 */
export async function readRows(
  operands: readonly Operand[],
  {
    ensembles,
    tta,
    common,
  }: { readonly ensembles?: boolean; readonly tta?: ViewsChoice; readonly common?: boolean },
): Promise<RunRecord[]> {
  const runs = new Map<Operand, RunRecord>();
  for (const operand of operands)
    if ('folder' in operand) runs.set(operand, await readRun(operand.folder));
  const [first] = operands;
  const trained = [...runs.values()];
  const reference =
    trained.find(({ state }) => state === 'finished') ??
    ('source' in first ? await predictionsFileRun(first.source) : trained[0]);
  if (reference.state !== 'finished') return trained;
  if (trained.length === 0) runs.set(first, reference);
  const rows: RunRecord[] = [];
  for (const operand of operands)
    rows.push(
      runs.get(operand) ??
        (await externalRun((operand as { source: ExternalSource }).source, reference, { common })),
    );
  if (tta !== undefined) rows.push(...trained.map((run) => viewsRun(run, tta)));
  if (ensembles) rows.push(ensembleRun(requireSeveral(trained), `ensemble of ${trained.length}`));
  return common && rows.every(({ state }) => state === 'finished') ? onCommonImages(rows) : rows;
}

function requireSeveral(runs: readonly RunRecord[]): readonly RunRecord[] {
  if (runs.length > 1) return runs;
  throw new InputError({
    path: '--ensembles',
    message: `got ${runs.length === 1 ? 'one run' : 'no run'}`,
    hint: 'two or more runs, or an experiment',
  });
}
