import type { Predictions, TrainingEvent } from '@nonlocal-med/core';
import type { RunStatus } from './runStatus.js';

/** A run on disk. */
export interface RunFolder {
  readonly path: string;
  /** What `config.yaml` holds: the resolved options. */
  readonly config: unknown;
  /** What `environment.json` holds. */
  readonly environment: unknown;
  /** The path of something in the folder. */
  file(...names: readonly string[]): string;
  status(): Promise<RunStatus>;
  /** Adds a line to the log from outside of the training loop, such as a warning about skipped images. */
  appendEvent(event: TrainingEvent): Promise<void>;
  /** Writes `predictions/<name>.csv`: id, truth and one probability a class. Returns its path. */
  writePredictions(name: string, predictions: Predictions): Promise<string>;
  /** Writes `metrics.json`. */
  writeMetrics(metrics: unknown): Promise<void>;
}
