import type { Dataset } from '@nonlocal-med/core';
import type { LoaderSample, Split } from '@nonlocal-med/data';

/** The images of a run, opened, checked and divided. */
export interface RunData {
  readonly dataset: Dataset;
  readonly split: Split<LoaderSample>;
  /** Decisions and findings the user should know of, one sentence each. */
  readonly notes: readonly string[];
}
