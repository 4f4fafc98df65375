import type { TrainingEvent } from '@nonlocal-med/core';

/** What a program shows while a run is made; every call is optional. */
export interface ProgressListener {
  /** One sentence about something that is not as the user may think, or that takes a while. */
  readonly onNote?: (line: string) => void;
  /** Images checked, predicted or explained so far. */
  readonly onImages?: (
    stage: 'checking images' | 'testing' | 'explaining',
    done: number,
    total: number,
  ) => void;
  readonly onEvent?: (event: TrainingEvent) => void;
}
