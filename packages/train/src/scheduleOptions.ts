import { z } from 'zod';

/** The learning rate over time: one flat object, so that a flag can change `kind` alone. */
const scheduleFields = z
  .strictObject({
    kind: z
      .enum(['constant', 'step', 'cosine', 'linear', 'one-cycle', 'warm-restarts'])
      .default('constant')
      .describe('Shape of the learning rate after the warm-up.'),
    warmupSteps: z
      .int()
      .min(0)
      .optional()
      .describe('Steps of linear warm-up; excludes warmupEpochs.'),
    warmupEpochs: z
      .number()
      .min(0)
      .optional()
      .describe('Epochs of linear warm-up (0.5 is half an epoch); excludes warmupSteps.'),
    warmupFrom: z
      .number()
      .gt(0)
      .max(1)
      .default(0.1)
      .describe('Fraction of the learning rate at the first step of the warm-up.'),
    stepEpochs: z
      .number()
      .positive()
      .default(30)
      .describe('For step: epochs between two drops, counted from the end of the warm-up.'),
    stepFactor: z
      .number()
      .gt(0)
      .max(1)
      .default(0.1)
      .describe('For step: factor applied to the learning rate at each drop.'),
    finalFraction: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        'For cosine, linear and one-cycle: fraction of the learning rate at the end of the run; for warm-restarts: before each restart.',
      ),
    peakAt: z
      .number()
      .min(0)
      .lt(1)
      .default(0.3)
      .describe("For one-cycle: fraction of the run until the peak (PyTorch's pct_start)."),
    startFraction: z
      .number()
      .gt(0)
      .max(1)
      .default(0.04)
      .describe(
        "For one-cycle: fraction of the learning rate at the first step (1 / PyTorch's div_factor).",
      ),
    restartEpochs: z
      .number()
      .positive()
      .default(10)
      .describe("For warm-restarts: epochs until the first restart (PyTorch's T_0)."),
    restartFactor: z
      .int()
      .min(1)
      .default(2)
      .describe(
        "For warm-restarts: factor by which each period is longer than the one before (PyTorch's T_mult).",
      ),
  })
  .check((context) => {
    const { kind, warmupSteps, warmupEpochs } = context.value;
    if (warmupSteps !== undefined && warmupEpochs !== undefined)
      context.issues.push({
        code: 'custom',
        path: ['warmupSteps'],
        input: warmupSteps,
        message: 'either warmupSteps or warmupEpochs, not both',
      });
    if (kind === 'one-cycle' && (warmupSteps ?? warmupEpochs ?? 0) > 0)
      context.issues.push({
        code: 'custom',
        path: [warmupSteps === undefined ? 'warmupEpochs' : 'warmupSteps'],
        input: warmupSteps ?? warmupEpochs,
        message:
          'no warm-up with one-cycle, which begins with one: peakAt and startFraction set it',
      });
  });

/** A bare name such as `cosine` is short for `{ kind: 'cosine' }`. */
export const scheduleSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { kind: value } : value),
  scheduleFields,
);

/** Resolved options of a schedule. */
export type ScheduleOptions = z.output<typeof scheduleFields>;

/** Options of a schedule as a caller writes them. */
export type ScheduleOptionsInput = z.input<typeof scheduleFields> | ScheduleOptions['kind'];

/** The kinds of schedule that use an option; all kinds use those that are not listed. */
const KINDS_OF: Readonly<
  Partial<Record<keyof ScheduleOptions, readonly ScheduleOptions['kind'][]>>
> = {
  stepEpochs: ['step'],
  stepFactor: ['step'],
  finalFraction: ['cosine', 'linear', 'one-cycle', 'warm-restarts'],
  peakAt: ['one-cycle'],
  startFraction: ['one-cycle'],
  restartEpochs: ['warm-restarts'],
  restartFactor: ['warm-restarts'],
};

/** Options that differ from their defaults but change nothing, each with the reason. */
export function scheduleOptionsWithoutEffect(
  schedule: ScheduleOptions,
): { readonly option: keyof ScheduleOptions; readonly because: string }[] {
  const { kind, warmupFrom, warmupSteps, warmupEpochs } = schedule;
  const defaults = scheduleFields.parse({ kind });
  const unused = Object.entries(KINDS_OF).flatMap(([name, kinds]) => {
    const option = name as keyof ScheduleOptions;
    return kinds.includes(kind) || schedule[option] === defaults[option]
      ? []
      : [{ option, because: `the schedule is ${kind}` }];
  });
  return warmupFrom === defaults.warmupFrom || (warmupSteps ?? warmupEpochs ?? 0) > 0
    ? unused
    : [...unused, { option: 'warmupFrom', because: 'there is no warm-up' }];
}

/** Whether the learning rate depends on how many epochs the run has, so that a longer run takes other steps from the start. */
export function dependsOnEpochs({ kind }: ScheduleOptions): boolean {
  return kind === 'cosine' || kind === 'linear' || kind === 'one-cycle';
}
