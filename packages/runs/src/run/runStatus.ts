import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClaimOwner } from '@nonlocal-med/core/node';
import { lockHolder } from './lockRun.js';
import { readEvents } from './readEvents.js';
import { runFiles } from './runFiles.js';

/** How far a run has come. */
export interface RunStatus {
  /**
   * `new`: not begun. `running`: a living process trains it. `interrupted`: begun, and stopped or killed before its
   * end. `finished`: trained to its end.
   */
  readonly state: 'new' | 'running' | 'interrupted' | 'finished';
  /** The process, while running. */
  readonly process?: ClaimOwner;
  /** Finished epochs and steps, by the log. */
  readonly epochs: number;
  readonly steps: number;
  /** Whether `metrics.json` is there. */
  readonly evaluated: boolean;
}

/** How far the run in a folder has come, from its log and its lock. */
export async function runStatus(folder: string): Promise<RunStatus> {
  const events = await readEvents(join(folder, runFiles.events));
  const owner = await lockHolder(folder);
  const last = events.at(-1);
  const ended = last?.type === 'end' && last.reason !== 'interrupted';
  const begun = events.some(({ type }) => type === 'start');
  return {
    state: owner !== null ? 'running' : ended ? 'finished' : begun ? 'interrupted' : 'new',
    ...(owner === null ? {} : { process: owner }),
    epochs: events.findLast((event) => event.type === 'epoch')?.epoch ?? 0,
    steps: events.findLast((event) => event.type === 'step')?.step ?? 0,
    evaluated: await exists(join(folder, runFiles.metrics)),
  };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
