import type { TrainingEvent } from '@nonlocal-med/core';

/** How a program follows a run; all callbacks are optional. */
export interface ProgressListener {
  /** Called with a sentence about something unexpected, or about something that takes a while. */
  readonly onNote?: (line: string) => void;
  /** Called with the number of images checked, compared with those a model has seen, tested, decided on, described or explained so far. */
  readonly onImages?: (
    stage:
      | 'looking for seen images'
      | 'checking images'
      | 'testing'
      | 'choosing operating points'
      | 'describing images'
      | 'explaining',
    done: number,
    total: number,
  ) => void;
  readonly onEvent?: (event: TrainingEvent) => void;
}
