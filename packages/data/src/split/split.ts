import type { Sample } from '@nonlocal-med/core';

/** Three sides without a sample or a group in common, each in the order of the data set. */
export interface Split<S extends Sample = Sample> {
  readonly train: readonly S[];
  /** Empty where no validation share was asked for. */
  readonly validation: readonly S[];
  readonly test: readonly S[];
}
