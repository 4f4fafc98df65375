import { join } from 'node:path';
import { readRegularFile, writeAtomic } from '@nonlocal-med/core/node';
import {
  type DecidedPredictions,
  decisionsFromCsv,
  decisionsToCsv,
  type RecordedDecisions,
} from '@nonlocal-med/metrics';
import type { WeightsChoice } from '../schemaParts.js';
import { runFiles } from './runFiles.js';

/** Decisions about the test images with one of the run's two sets of weights, relative to the run folder. */
const fileOf = (weights: WeightsChoice): string =>
  `${runFiles.predictions}/decisions-${weights}.csv`;

/** Writes what a run decides about each of its test images at its operating points. */
export function writeTestDecisions(
  folder: string,
  weights: WeightsChoice,
  decided: DecidedPredictions,
): Promise<void> {
  return writeAtomic(join(folder, fileOf(weights)), decisionsToCsv(decided));
}

/**
 * What a run decided about each of its test images, with the probabilities that it compared with its thresholds.
 * @returns null if there is none: the run has no operating points, is not tested, or is of an earlier version
 * @throws InputError when the file is damaged.
 */
export async function readTestDecisions(
  folder: string,
  weights: WeightsChoice,
): Promise<RecordedDecisions | null> {
  const path = join(folder, fileOf(weights));
  const text = await readRegularFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : decisionsFromCsv(text, { path });
}
