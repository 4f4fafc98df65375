import { z } from 'zod';

/** Names of the learning-rate schedules. */
const kinds = ['constant', 'step', 'cosine', 'linear'] as const;

/**
 * Options of the learning rate over time. One flat object, so that a flag can change `kind` alone; an option that the
 * chosen kind does not use is ignored.
 */
const fields = z
  .strictObject({
    kind: z
      .enum(kinds)
      .default('constant')
      .describe('shape of the learning rate over the run, after the warm-up'),
    warmupSteps: z
      .int()
      .min(0)
      .optional()
      .describe('steps of linear warm-up; give this or warmupEpochs'),
    warmupEpochs: z
      .number()
      .min(0)
      .optional()
      .describe('epochs of linear warm-up (0.5 is half an epoch); give this or warmupSteps'),
    warmupFrom: z
      .number()
      .gt(0)
      .max(1)
      .default(0.1)
      .describe('fraction of the learning rate at the first step of the warm-up'),
    stepEpochs: z
      .number()
      .positive()
      .default(30)
      .describe('step: epochs between two drops, counted from the end of the warm-up'),
    stepFactor: z
      .number()
      .gt(0)
      .max(1)
      .default(0.1)
      .describe('step: the learning rate is multiplied by this at each drop'),
    finalFraction: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        'cosine, linear: fraction of the learning rate that the end of the run comes down to',
      ),
  })
  .check((context) => {
    const { warmupSteps, warmupEpochs } = context.value;
    if (warmupSteps === undefined || warmupEpochs === undefined) return;
    context.issues.push({
      code: 'custom',
      path: ['warmupSteps'],
      input: warmupSteps,
      message: 'give warmupSteps or warmupEpochs, not both',
    });
  });

/** The learning-rate schedule; a bare name such as `cosine` stands for `{ kind: 'cosine' }`. */
export const scheduleOptionsSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { kind: value } : value),
  fields,
);

/** Resolved options of a schedule. */
export type ScheduleOptions = z.output<typeof fields>;

/** Options of a schedule as a caller writes them. */
export type ScheduleOptionsInput = z.input<typeof fields> | ScheduleOptions['kind'];
