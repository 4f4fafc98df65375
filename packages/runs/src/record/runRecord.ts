import type { Predictions } from '@nonlocal-med/core';
import type { RunConfigRecord } from './runConfigSchema.js';
import type { RunEnvironmentRecord } from './runEnvironmentSchema.js';
import type { RunEventRecord } from './runEventSchema.js';
import type { RunMetricsRecord } from './runMetricsSchema.js';
import type { WeightsChoice } from './weightsChoice.js';

/** A run's folder as a report needs it. What is not there yet is null and named in `missing`. */
export interface RunRecord {
  /** Absolute. */
  readonly path: string;
  /** Name of the folder. */
  readonly name: string;
  /** `finished`: tested, so that `metrics.json` and its predictions are there. */
  readonly state: 'finished' | 'unfinished';
  readonly config: RunConfigRecord | null;
  readonly environment: RunEnvironmentRecord | null;
  /** All but training steps; empty where there is no log. */
  readonly events: readonly RunEventRecord[];
  readonly metrics: RunMetricsRecord | null;
  /** On the test side. `selected` is null in a run without a validation side, which is then no issue. */
  readonly predictions: Readonly<Record<WeightsChoice, Predictions | null>>;
  /** One sentence for each thing that is not there. */
  readonly missing: readonly string[];
}
