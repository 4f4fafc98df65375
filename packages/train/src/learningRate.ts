import type { ScheduleOptions } from './trainOptions.js';

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
    return finalFraction + ((1 - finalFraction) * (1 + Math.cos(Math.PI * done))) / 2;
  },

  /** LinearLR with start_factor = 1 and total_iters = `steps`: a straight line from 1 to `finalFraction`. */
  linear: (step, { steps, options: { finalFraction } }) =>
    1 + (finalFraction - 1) * (Math.min(step, steps) / steps),
};

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
 * number of warm-up steps and `main` one of ConstantLR(1), StepLR, CosineAnnealingLR, LinearLR in their closed forms.
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
