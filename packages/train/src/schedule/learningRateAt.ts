import type { ScheduleOptions } from '../options/scheduleOptionsSchema.js';
import { constantSchedule } from './constantSchedule.js';
import { cosineSchedule } from './cosineSchedule.js';
import { linearSchedule } from './linearSchedule.js';
import type { Schedule } from './schedule.js';
import { stepSchedule } from './stepSchedule.js';

/** What a schedule needs to know of the run. */
export interface ScheduleContext {
  /** The learning rate that the schedule scales. */
  readonly learningRate: number;
  readonly schedule: ScheduleOptions;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

const schedules: Readonly<Record<ScheduleOptions['kind'], Schedule>> = {
  constant: constantSchedule,
  step: stepSchedule,
  cosine: cosineSchedule,
  linear: linearSchedule,
};

/**
 * The learning rate of a step: a pure function, so that a resumed run repeats it.
 *
 * Equal to PyTorch's `SequentialLR([LinearLR(warmupFrom, 1, W), main], [W])` stepped after every batch, W being the
 * steps of warm-up and `main` one of ConstantLR(1), StepLR, CosineAnnealingLR, LinearLR in their closed forms.
 * @param step steps done before this one: 0 for the first.
 */
export function learningRateAt(
  step: number,
  { learningRate, schedule, stepsPerEpoch, epochs }: ScheduleContext,
): number {
  const warmup = warmupSteps(schedule, stepsPerEpoch);
  if (step < warmup)
    return learningRate * (schedule.warmupFrom + (1 - schedule.warmupFrom) * (step / warmup));
  const steps = Math.max(1, stepsPerEpoch * epochs - warmup);
  return (
    learningRate *
    schedules[schedule.kind](step - warmup, { steps, stepsPerEpoch, options: schedule })
  );
}

function warmupSteps(
  { warmupSteps, warmupEpochs = 0 }: ScheduleOptions,
  stepsPerEpoch: number,
): number {
  return warmupSteps ?? Math.round(warmupEpochs * stepsPerEpoch);
}
