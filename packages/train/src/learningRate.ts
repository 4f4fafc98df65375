import type { TrainingProgress } from './checkpoint/checkpoint.js';
import type { ScheduleOptions } from './scheduleOptions.js';
import type { TrainOptions } from './trainOptions.js';

/** A learning rate as a fraction of its base, `step` steps after the warm-up, in a run of `steps` such steps. */
type Schedule = (
  step: number,
  run: {
    readonly steps: number;
    readonly stepsPerEpoch: number;
    readonly options: ScheduleOptions;
  },
) => number;

/** Closed forms of PyTorch's schedulers. */
const schedules: Readonly<Record<ScheduleOptions['kind'], Schedule>> = {
  /** The same learning rate throughout, as in the paper. */
  constant: () => 1,

  /** StepLR: multiplied by `stepFactor` every `stepEpochs` epochs. */
  step: (step, { stepsPerEpoch, options: { stepEpochs, stepFactor } }) =>
    stepFactor ** Math.floor(step / Math.max(1, Math.round(stepEpochs * stepsPerEpoch))),

  /** CosineAnnealingLR with T_max = `steps`: half a cosine from 1 to `finalFraction` (Loshchilov and Hutter 2017, eq. 5). */
  cosine: (step, { steps, options: { finalFraction } }) => {
    const done = Math.min(step, steps) / steps;
    return cosineBetween(1, finalFraction, done);
  },

  /** LinearLR with start_factor = 1 and total_iters = `steps`: a straight line from 1 to `finalFraction`. */
  linear: (step, { steps, options: { finalFraction } }) =>
    1 + (finalFraction - 1) * (Math.min(step, steps) / steps),

  /**
   * OneCycleLR with the cosine and two phases: from `startFraction` up to 1 at `peakAt`, and down to `finalFraction` at the
   * last step (Smith and Topin 2019).
   */
  'one-cycle': (step, { steps, options: { peakAt, startFraction, finalFraction } }) => {
    const [peak, last] = [Math.max(0, peakAt * steps - 1), steps - 1];
    return step < peak
      ? cosineBetween(startFraction, 1, step / peak)
      : cosineBetween(1, finalFraction, Math.min(1, (step - peak) / Math.max(1, last - peak)));
  },

  /**
   * CosineAnnealingWarmRestarts: half a cosine from 1 to `finalFraction`, again and again, each `restartFactor` times as long
   * (Loshchilov and Hutter 2017).
   */
  'warm-restarts': (
    step,
    { stepsPerEpoch, options: { restartEpochs, restartFactor, finalFraction } },
  ) => {
    let period = Math.max(1, Math.round(restartEpochs * stepsPerEpoch));
    let since = step;
    while (since >= period) {
      since -= period;
      period *= restartFactor;
    }
    return cosineBetween(1, finalFraction, since / period);
  },
};

/** Half a cosine from `start` to `end`, of which the fraction `done` is over. */
function cosineBetween(start: number, end: number, done: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * done))) / 2;
}

/** What the learning rate depends on besides the step. */
export interface ScheduleContext {
  /** The base learning rate, which the schedule scales. */
  readonly learningRate: number;
  readonly schedule: ScheduleOptions;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/**
 * The learning rate of a step: a pure function, so that a resumed run repeats it.
 *
 * Equal to PyTorch's `SequentialLR([LinearLR(warmupFrom, 1, W), main], [W])` stepped after every batch, where W is the
 * number of warm-up steps and `main` one of ConstantLR(1), StepLR, CosineAnnealingLR, LinearLR, CosineAnnealingWarmRestarts in their closed forms; or to
 * `OneCycleLR`, which has no warm-up.
 * @param step number of steps done before: 0 for the first.
 *
 * @example
 * ```ts
 * import { learningRateAt, resolveTrainOptions } from '@nonlocal-med/train';
 *
 * const options = resolveTrainOptions({
 *   epochs: 10,
 *   learningRate: 0.001,
 *   schedule: { kind: 'cosine', warmupEpochs: 1 },
 * });
 * const rates = [0, 100, 550, 1000].map((step) =>
 *   learningRateAt(step, { ...options, stepsPerEpoch: 100 }),
 * );
 * console.log(rates.map((rate) => rate.toFixed(4)).join(' ')); // 0.0001 0.0010 0.0005 0.0000
 * ```
 */
export function learningRateAt(
  step: number,
  { learningRate, schedule, stepsPerEpoch, epochs }: ScheduleContext,
): number {
  const { kind, warmupFrom, warmupEpochs = 0 } = schedule;
  const warmupSteps = schedule.warmupSteps ?? Math.round(warmupEpochs * stepsPerEpoch);
  if (step < warmupSteps)
    return learningRate * (warmupFrom + (1 - warmupFrom) * (step / warmupSteps));
  const steps = Math.max(1, stepsPerEpoch * epochs - warmupSteps);
  return (
    learningRate * schedules[kind](step - warmupSteps, { steps, stepsPerEpoch, options: schedule })
  );
}

/**
 * The learning rate of each step of a training, by its progress before the step. While the head is trained alone it is
 * constant; the schedule follows.
 */
export function scheduledRate(
  {
    learningRate,
    schedule,
    headEpochs,
    epochs,
  }: Pick<TrainOptions, 'learningRate' | 'schedule' | 'headEpochs' | 'epochs'>,
  stepsPerEpoch: number,
): (progress: Pick<TrainingProgress, 'epoch' | 'step'>) => number {
  const context = { learningRate, schedule, stepsPerEpoch, epochs: epochs - headEpochs };
  return ({ epoch, step }) =>
    epoch < headEpochs ? learningRate : learningRateAt(step - headEpochs * stepsPerEpoch, context);
}
