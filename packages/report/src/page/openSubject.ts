import { relative, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import {
  type ExperimentRecord,
  readExperimentFolder,
  type RunRecord,
  type WeightsChoice,
} from '@nonlocal-med/runs';
import { seriesStyle } from './figure/seriesStyle.js';
import type { PageModel, PageRun } from './pageModel.js';
import { runsAsExperiment } from './runsAsExperiment.js';

/** Which folders a page shows. */
export interface SubjectOptions {
  /** Folder of an experiment, or an experiment with further rows. */
  readonly experiment?: string | ExperimentRecord;
  /** Folders of runs, or rows that were read, such as predictions made elsewhere. */
  readonly runs?: readonly (string | RunRecord)[];
  readonly weights?: WeightsChoice;
  readonly base?: string;
}

/** What a page is about. */
export interface PageSubject {
  readonly title: string;
  /** The experiment, or runs presented as an experiment with a single repeat. */
  readonly record: ExperimentRecord;
  /** Whether `record` is the folder of an experiment. */
  readonly isExperiment: boolean;
  /** The folder as commands on the page name it. */
  readonly displayPath: string;
  /** Models with at least one tested run. */
  readonly models: readonly PageModel[];
  /** Weights that a reader can choose from; the page starts with the first. */
  readonly choices: readonly WeightsChoice[];
  /** What a reader should know about how the runs were put together. */
  readonly notes: readonly string[];
}

/**
 * Reads the folders that a page shows.
 * @throws InputError if none of their runs has been tested, or none has the requested weights.
 */
export async function openSubject({
  experiment,
  runs = [],
  weights,
  base = process.cwd(),
}: SubjectOptions): Promise<PageSubject> {
  const { record, notes } =
    experiment === undefined
      ? await runsAsExperiment(runs)
      : {
          record:
            typeof experiment === 'string' ? await readExperimentFolder(experiment) : experiment,
          notes: [],
        };
  const displayPath = (path: string): string => relative(base, path) || '.';
  const models = testedModels(record, (folder) => displayPath(resolve(record.path, folder)));
  const folders = experiment === undefined ? runs.map(pathOf).join(', ') : pathOf(experiment);
  if (models.length === 0)
    throw new InputError({
      path: folders,
      message: 'has no tested run',
      hint: 'train at least one run to the end, by the command that began the experiment',
    });
  return {
    title:
      experiment === undefined
        ? models.map(({ title }) => title).join(' and ')
        : `${record.manifest.name}: ${record.manifest.caption}`,
    record,
    isExperiment: experiment !== undefined,
    displayPath: displayPath(record.path),
    models,
    choices: weightChoices(models, { weights, folders }),
    notes,
  };
}

/** The folder of a run or an experiment, or the file of predictions. */
export const pathOf = (given: string | Pick<RunRecord, 'path'>): string =>
  typeof given === 'string' ? given : given.path;

function testedModels(
  { manifest, runs }: ExperimentRecord,
  displayPath: (folder: string) => string,
): PageModel[] {
  return manifest.rows
    .map(({ key, title, baseline }) => ({
      key,
      title,
      baseline,
      runs: runs
        .filter(({ row }) => row === key)
        .flatMap(({ run, repeat, folder }) =>
          run === null ? [] : testedRun(run, { repeat, displayPath: displayPath(folder) }),
        ),
    }))
    .filter((model) => model.runs.length > 0)
    .map((model, index) => ({ ...model, style: seriesStyle(index) }));
}

/** The run as the page uses it; empty if it has not been tested. */
function testedRun(
  run: RunRecord,
  { repeat, displayPath }: Pick<PageRun, 'repeat' | 'displayPath'>,
): PageRun[] {
  const { state, metrics, predictions } = run;
  const { last, selected } = predictions;
  if (state !== 'finished' || metrics === null || last === null) return [];
  return [{ ...run, metrics, predictions: { last, selected }, repeat, displayPath }];
}

function weightChoices(
  models: readonly PageModel[],
  { weights, folders }: { weights?: WeightsChoice; folders: string },
): WeightsChoice[] {
  const hasBest = models.some(({ runs }) =>
    runs.some(({ predictions }) => predictions.selected !== null),
  );
  if (weights === 'selected' && !hasBest)
    throw new InputError({
      path: 'weights',
      message: `got "selected", but no run of ${folders} has a validation set to select a checkpoint with`,
      hint: 'use last',
    });
  const choices: WeightsChoice[] = hasBest ? ['selected', 'last'] : ['last'];
  return weights === 'last' ? choices.reverse() : choices;
}
