import type { RunRecord } from '../record/runRecord.js';
import type { ExperimentManifest, ExperimentRun } from './experimentManifest.js';

/**
 * A run of an experiment, as far as it is. `finished`: tested. `unfinished`: begun, and running or interrupted.
 * `failed`: ended by an error, which the same experiment's command tries again. `missing`: not begun. `unreadable`: its files are not what a run writes.
 */
export interface ExperimentRunRecord extends ExperimentRun {
  readonly state: 'finished' | 'unfinished' | 'failed' | 'missing' | 'unreadable';
  /** Why it is not finished, in one sentence. */
  readonly reason?: string;
  /** Null where there is no folder, or it is unreadable. */
  readonly run: RunRecord | null;
}

/** An experiment's folder: its table and the runs that fill it. */
export interface ExperimentRecord {
  /** Absolute. */
  readonly path: string;
  readonly manifest: ExperimentManifest;
  /** In the manifest's order. */
  readonly runs: readonly ExperimentRunRecord[];
}
