import { join } from 'node:path';
import type { ClaimOwner } from '@nonlocal-med/core/node';
import { finalEvent, readEvents } from './events.js';
import { damagedResults } from './resultHashes.js';
import { runFiles } from './runFiles.js';
import { lockHolder } from './runLock.js';
import { readRunMetrics } from './runMetrics.js';

/** Progress of a run. */
export interface RunStatus {
  /**
   * `new`: not started. `running`: a living process trains it. `interrupted`: started, and stopped or killed before its
   * end. `finished`: trained to its end.
   */
  readonly state: 'new' | 'running' | 'interrupted' | 'finished';
  /** The process, while running. */
  readonly process?: ClaimOwner;
  /** Finished epochs and steps, by the log. */
  readonly epochs: number;
  readonly steps: number;
  /** Whether `metrics.json` exists, and it and all other results are as the run wrote them. */
  readonly evaluated: boolean;
}

/**
 * Progress of the run in a folder, from its log and its lock.
 * @throws InputError when the log is damaged.
 */
export async function runStatus(folder: string): Promise<RunStatus> {
  const events = await readEvents(join(folder, runFiles.events));
  const owner = await lockHolder(folder);
  const started = events.some(({ type }) => type === 'start');
  const ended = finalEvent(events) !== undefined;
  return {
    state: owner !== null ? 'running' : ended ? 'finished' : started ? 'interrupted' : 'new',
    process: owner ?? undefined,
    epochs: events.findLast((event) => event.type === 'epoch')?.epoch ?? 0,
    steps: events.findLast((event) => event.type === 'step')?.step ?? 0,
    evaluated: await isTested(folder),
  };
}

/** Whether a run has its results, and they are as it wrote them. */
export const isTested = async (folder: string): Promise<boolean> =>
  (await readRunMetrics(folder)) !== null && (await damagedResults(folder)).length === 0;
