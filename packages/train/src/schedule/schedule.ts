import type { ScheduleOptions } from '../options/scheduleOptionsSchema.js';

/** The learning rate as a fraction of the base rate, `step` steps after the warm-up, in a run of `steps` such steps. */
export type Schedule = (
  step: number,
  context: {
    readonly steps: number;
    readonly stepsPerEpoch: number;
    readonly options: ScheduleOptions;
  },
) => number;
