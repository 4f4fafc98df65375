import { join } from 'node:path';
import { fileExists } from '@nonlocal-med/core/node';
import { isTested } from '../run/runStatus.js';
import type { WeightsChoice } from '../schemaParts.js';

/** Names of files and folders inside an experiment's folder. */
export const experimentFiles = {
  /** The table's rows and the runs that fill it; see `ExperimentManifest`. */
  manifest: 'experiment.json',
  /** The experiment's definition with all options: makes the same experiment again in another folder. */
  definition: 'experiment.yaml',
  report: 'report.html',
  /** Files that name the process that works on a run. */
  claims: 'claims',
  /** Preprocessed images, shared by all runs; removed when all are finished. */
  cache: 'cache',
} as const;

/** Whether a folder holds an experiment. */
export function isExperimentFolder(folder: string): Promise<boolean> {
  return fileExists(join(folder, experimentFiles.manifest));
}

/** Whether a run of an experiment is complete: its metrics, which are written last, and all other results are whole. */
export async function isFinished(
  folder: string,
  run: { readonly folder: string },
): Promise<boolean> {
  return isTested(join(folder, run.folder));
}

/** The file that claims a run for one process. */
export function claimFileOf(
  folder: string,
  run: { readonly row: { readonly key: string }; readonly repeat: number },
): string {
  return join(folder, experimentFiles.claims, `${run.row.key}.${run.repeat}.json`);
}

/** The file that explains why a run failed, next to the run's folder; removed when it has succeeded. */
export function failureFileOf(folder: string, run: { readonly folder: string }): string {
  return join(folder, `${run.folder}.failure.json`);
}

/** Name of an experiment's table in a format such as `md`, with one of the runs' two sets of weights. */
export function experimentTableFile(weights: WeightsChoice, format: string): string {
  return `table-${weights}.${format}`;
}
