import { relative, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import {
  type ExperimentRecord,
  readExperimentFolder,
  type WeightsChoice,
} from '@nonlocal-med/runs';
import { seriesStyle } from './figure/seriesStyle.js';
import type { PageModel } from './pageModel.js';
import type { PageSubject } from './pageSubject.js';
import { runsAsExperiment } from './runsAsExperiment.js';
import { testedRun } from './testedRun.js';

/** What is to be shown. */
export interface SubjectOptions {
  readonly experiment?: string;
  readonly runs?: readonly string[];
  readonly weights?: WeightsChoice;
  readonly base?: string;
}

/**
 * Reads the folders that a page is about.
 * @throws InputError when nothing in them is tested, or `weights` are asked for that no run has.
 */
export async function openSubject({
  experiment,
  runs = [],
  weights,
  base = process.cwd(),
}: SubjectOptions): Promise<PageSubject> {
  const given =
    experiment === undefined
      ? await runsAsExperiment(runs)
      : { record: await readExperimentFolder(experiment), notes: [] };
  const { record } = given;
  const models = modelsOf(record, (folder) => placeFrom(base, resolve(record.path, folder)));
  const where = experiment ?? runs.join(', ');
  if (models.length === 0)
    throw new InputError({
      path: where,
      message: 'has no run that is tested',
      hint: 'runs that have been trained to their end',
    });
  return {
    title:
      experiment === undefined
        ? models.map(({ title }) => title).join(' and ')
        : `${record.manifest.name}: ${record.manifest.caption}`,
    record,
    experiment: experiment !== undefined,
    place: placeFrom(base, record.path),
    models,
    choices: choicesOf(models, { weights, where }),
    notes: given.notes,
  };
}

function modelsOf(
  { manifest, runs }: ExperimentRecord,
  placeOf: (folder: string) => string,
): PageModel[] {
  const rows = manifest.rows.map(({ key, title, baseline }) => ({
    key,
    title,
    baseline,
    runs: runs.flatMap(({ row, run, repeat, folder }) => {
      const tested =
        row === key && run !== null ? testedRun(run, { repeat, place: placeOf(folder) }) : null;
      return tested === null ? [] : [tested];
    }),
  }));
  return rows
    .filter((row) => row.runs.length > 0)
    .map((row, index) => ({ ...row, style: seriesStyle(index) }));
}

/** A folder as a command in `base` names it. */
function placeFrom(base: string, path: string): string {
  return relative(base, path) || '.';
}

function choicesOf(
  models: readonly PageModel[],
  { weights, where }: { weights?: WeightsChoice; where: string },
): WeightsChoice[] {
  const selected = models.some(({ runs }) =>
    runs.some(({ predictions }) => predictions.selected !== null),
  );
  if (weights === 'selected' && !selected)
    throw new InputError({
      path: 'weights',
      message: `got "selected", and no run of ${where} has a validation side to select an epoch on`,
      hint: 'last',
    });
  const choices: WeightsChoice[] = selected ? ['selected', 'last'] : ['last'];
  return weights === 'last' ? choices.reverse() : choices;
}
