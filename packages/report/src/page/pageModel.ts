import type { Predictions } from '@nonlocal-med/core';
import type { RunMetrics, RunRecord } from '@nonlocal-med/runs';
import type { SeriesStyle } from './figure/seriesStyle.js';

/** One tested run. */
export interface PageRun extends RunRecord {
  readonly metrics: RunMetrics;
  readonly predictions: { readonly last: Predictions; readonly selected: Predictions | null };
  /** Its folder as commands name it: as it was given, or inside the experiment's. */
  readonly place: string;
  /** 0, 1, ... */
  readonly repeat: number;
}

/** A model of the page with its tested repeats, drawn in the same style everywhere. */
export interface PageModel {
  readonly key: string;
  readonly title: string;
  readonly style: SeriesStyle;
  /** Key of the model it is compared with; null for one that others are compared with. */
  readonly baseline: string | null;
  readonly runs: readonly PageRun[];
}
