import { basename, dirname, join, resolve } from 'node:path';
import { InputError, type TaskPredictions, type TrainingEvent } from '@nonlocal-med/core';
import { fileExists, readRegularFile, writeAtomic } from '@nonlocal-med/core/node';
import { predictionsToCsv } from '@nonlocal-med/metrics';
import { parseYaml } from '../parseYaml.js';
import type { WeightsChoice } from '../schemaParts.js';
import { openEventLog } from './eventLog.js';
import { refuseLinks } from './refuseLinks.js';
import { writeResultHashes } from './resultHashes.js';
import {
  runFiles,
  TEST_ATTRIBUTES_FILE,
  TEST_GROUPS_FILE,
  testPredictionsFile,
} from './runFiles.js';
import type { RunMetrics } from './runMetrics.js';
import { type RunStatus, runStatus } from './runStatus.js';
import { attributesToCsv } from './testAttributes.js';
import { groupsToCsv } from './testGroups.js';

/** What an option that names a run may be. */
export const RUN_FOLDER_HINT = 'a folder that training wrote';

/** A run on disk. */
export interface RunFolder {
  /** Absolute. */
  readonly path: string;
  /** Content of `config.yaml`: the resolved options. */
  readonly config: unknown;
  /** Content of `environment.json`. */
  readonly environment: unknown;
  /** The absolute path of something in the folder, by its name in {@link runFiles}. */
  file(...names: readonly string[]): string;
  status(): Promise<RunStatus>;
  /** Adds a line to the log from outside the training loop, such as a warning about skipped images. */
  appendEvent(event: TrainingEvent): Promise<void>;
  /**
   * Writes the predictions for the test set as CSV (`predictionsToCsv` of metrics); and their groups and attributes, if they
   * have any, as further files. Returns the path of the predictions.
   */
  writeTestPredictions(weights: WeightsChoice, predictions: TaskPredictions): Promise<string>;
  /** Writes the hashes of all results, then `metrics.json`, which completes the run. */
  writeMetrics(metrics: RunMetrics): Promise<void>;
}

/**
 * Opens the run in a folder.
 * @param path the run folder, such as `runs/first`
 * @throws InputError when the folder holds no run or symbolic links, or `config.yaml` or `environment.json` cannot be read.
 */
export async function openRunFolder(path: string): Promise<RunFolder> {
  const folder = resolve(path);
  await refuseLinks(folder);
  return createRunHandle({
    path: folder,
    config: await readRequiredFile(join(folder, runFiles.config), parseYaml),
    environment: await readRequiredFile(join(folder, runFiles.environment), JSON.parse),
  });
}

/** The methods of a run whose folder exists. */
export function createRunHandle({
  path,
  config,
  environment,
}: Pick<RunFolder, 'path' | 'config' | 'environment'>): RunFolder {
  const file = (...names: readonly string[]): string => join(path, ...names);
  return {
    path,
    config,
    environment,
    file,
    status: () => runStatus(path),
    async appendEvent(event) {
      const log = await openEventLog(file(runFiles.events));
      await log.append(event).finally(() => log.close());
    },
    async writeTestPredictions(weights, predictions) {
      const csv = file(testPredictionsFile(weights));
      await writeAtomic(csv, predictionsToCsv(predictions));
      const groups = groupsToCsv(predictions);
      if (groups !== null) await writeAtomic(file(TEST_GROUPS_FILE), groups);
      const attributes = attributesToCsv(predictions);
      if (attributes !== null) await writeAtomic(file(TEST_ATTRIBUTES_FILE), attributes);
      return csv;
    },
    async writeMetrics(metrics) {
      const text = `${JSON.stringify(metrics, null, 2)}\n`;
      await writeResultHashes(path, text);
      await writeAtomic(file(runFiles.metrics), text);
    },
  };
}

async function readRequiredFile(file: string, read: (text: string) => unknown): Promise<unknown> {
  let text: string;
  try {
    text = await readRegularFile(file, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const folder = dirname(file);
    if (code !== 'ENOENT')
      throw new InputError(
        { path: file, message: `cannot be read: ${code}`, hint: RUN_FOLDER_HINT },
        { cause: error },
      );
    const message = (await fileExists(folder))
      ? `is not a run folder: ${basename(file)} is missing`
      : 'does not exist';
    throw new InputError({ path: folder, message, hint: RUN_FOLDER_HINT }, { cause: error });
  }
  try {
    return read(text);
  } catch (error) {
    throw new InputError(
      { path: file, message: `cannot be parsed: ${(error as Error).message}` },
      { cause: error },
    );
  }
}
