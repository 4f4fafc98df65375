import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  InputError,
  type Issue,
  type TaskPredictions,
  throwIssues,
  type ViewsChoice,
  viewsChoices,
} from '@nonlocal-med/core';
import { fileExists } from '@nonlocal-med/core/node';
import { classesAreOrdered, taskPredictionsFromCsv } from '@nonlocal-med/metrics';
import type { FileFormat } from '../checkedText.js';
import { parseYaml } from '../parseYaml.js';
import { readCheckedFile } from '../readCheckedFile.js';
import type { WeightsChoice } from '../schemaParts.js';
import type { SystemRecord } from '../system/systemRecord.js';
import { type LoggedEvent, parseEvents } from './events.js';
import { refuseLinks } from './refuseLinks.js';
import { damagedResults, RESULT_HASHES_FILE } from './resultHashes.js';
import {
  type RunConfigRecord,
  runConfigSchema,
  type RunEnvironmentRecord,
  runEnvironmentSchema,
} from './runDescription.js';
import {
  runFiles,
  TEST_ATTRIBUTES_FILE,
  TEST_GROUPS_FILE,
  testPredictionsFile,
} from './runFiles.js';
import { RUN_FOLDER_HINT } from './runFolder.js';
import { type RunMetrics, runMetricsSchema } from './runMetrics.js';
import { attributesFromCsv, withRecordedAttributes } from './testAttributes.js';
import { groupsFromCsv, withRecordedGroups } from './testGroups.js';
import { type ViewPredictions, viewPredictionsFile } from './viewPredictions.js';

/** The content of a run folder, as far as it exists. */
export interface RunRecord {
  /** Absolute. */
  readonly path: string;
  /** Name of the folder. */
  readonly name: string;
  /** `finished`: tested, so that `metrics.json` and its predictions exist. */
  readonly state: 'finished' | 'unfinished';
  readonly config: RunConfigRecord | null;
  readonly environment: RunEnvironmentRecord | null;
  /** All events but training steps; empty without a log. */
  readonly events: readonly LoggedEvent[];
  readonly metrics: RunMetrics | null;
  /**
   * Whether the classes are grades with an order, so that quadratic kappa means anything: as recorded, else by the names
   * of the classes and the data set.
   */
  readonly ordered: boolean;
  /**
   * For the test set, with the groups (patients) and attributes of the images if the run recorded them. `selected` is null in a run
   * without a validation set.
   */
  readonly predictions: Readonly<Record<WeightsChoice, TaskPredictions | null>>;
  /** The same, averaged over views of each image; absent for views that the run was not tested with. */
  readonly views?: Readonly<Partial<Record<ViewsChoice, ViewPredictions>>>;
  /** One sentence for each file that is missing. */
  readonly missing: readonly string[];
  /** Present for predictions that are not those of one trained run: an ensemble, or files made elsewhere. */
  readonly system?: SystemRecord;
}

/**
 * Reads and checks a run folder, finished or not.
 * @throws InputError when the folder does not exist, nothing in it belongs to a run or it holds symbolic links, or with every
 * issue of its files.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const path = resolve(folder);
  await requireFolder(path);
  await refuseLinks(path);
  const issues: Issue[] = [];
  const read = <T>(name: string, format: FileFormat<T>): Promise<T | null> =>
    readCheckedFile(join(path, name), format, issues);
  const groups = await read<ReadonlyMap<string, string>>(TEST_GROUPS_FILE, {
    parse: (text) => groupsFromCsv(text, join(path, TEST_GROUPS_FILE)),
  });
  const attributes = await read<ReturnType<typeof attributesFromCsv>>(TEST_ATTRIBUTES_FILE, {
    parse: (text) => attributesFromCsv(text, join(path, TEST_ATTRIBUTES_FILE)),
  });
  const readPredictions = async (name: string): Promise<TaskPredictions | null> => {
    const predictions = await read<TaskPredictions>(name, {
      parse: (text) => taskPredictionsFromCsv(text, { path: join(path, name) }),
    });
    return (
      predictions && withRecordedAttributes(withRecordedGroups(predictions, groups), attributes)
    );
  };

  const parts = {
    config: await read(runFiles.config, { parse: parseYaml, schema: runConfigSchema }),
    environment: await read(runFiles.environment, {
      parse: JSON.parse,
      schema: runEnvironmentSchema,
    }),
    events: await read<LoggedEvent[]>(runFiles.events, {
      parse: (text) => parseEvents(text, { file: join(path, runFiles.events), steps: false }),
    }),
    metrics: await read(runFiles.metrics, { parse: JSON.parse, schema: runMetricsSchema }),
    predictions: {
      last: await readPredictions(testPredictionsFile('last')),
      selected: await readPredictions(testPredictionsFile('selected')),
    },
  };
  const views: Partial<Record<ViewsChoice, ViewPredictions>> = {};
  for (const choice of viewsChoices) {
    const last = await readPredictions(viewPredictionsFile(choice, 'last'));
    const selected = await readPredictions(viewPredictionsFile(choice, 'selected'));
    if (last !== null) views[choice] = { last, selected };
  }
  const used = [runFiles.metrics, testPredictionsFile('last'), testPredictionsFile('selected')];
  for (const name of await damagedResults(path, used))
    if (await fileExists(join(path, name)))
      issues.push({
        path: join(path, name),
        message: `is not as the run wrote it: its hash is not the one in ${RESULT_HASHES_FILE}`,
        hint: 'restore the file, or let `resume` test the run again',
      });
  throwIssues(issues);
  const { config, environment, events, metrics, predictions } = parts;
  if (config === null && metrics === null && events === null)
    throw new InputError({
      path,
      message: `is not a run folder: none of ${runFiles.config}, ${runFiles.events}, ${runFiles.metrics} found`,
      hint: RUN_FOLDER_HINT,
    });
  const needsSelected = metrics?.selected !== undefined;
  const missing = [
    config === null && runFiles.config,
    environment === null && runFiles.environment,
    events === null && runFiles.events,
    metrics === null && runFiles.metrics,
    predictions.last === null && testPredictionsFile('last'),
    needsSelected && predictions.selected === null && testPredictionsFile('selected'),
  ];
  const tested =
    metrics !== null &&
    predictions.last !== null &&
    (!needsSelected || predictions.selected !== null);
  return {
    ...parts,
    ...(Object.keys(views).length === 0 ? {} : { views }),
    path,
    name: basename(path),
    ordered:
      metrics?.task !== 'multilabel' &&
      classesAreOrdered(metrics?.classes ?? environment?.data?.classes ?? [], {
        declared: environment?.data?.ordered,
        dataset: environment?.data?.name,
      }),
    events: events ?? [],
    state: tested ? 'finished' : 'unfinished',
    missing: missing.filter((file) => file !== false).map((file) => `${file} is missing`),
  };
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new InputError({
      path,
      message: found === null ? 'does not exist' : 'is not a folder',
      hint: RUN_FOLDER_HINT,
    });
}
