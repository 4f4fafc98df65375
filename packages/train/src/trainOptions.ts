import { parseOptions, precisionChoices } from '@nonlocal-med/core';
import { z } from 'zod';

/**
 * The learning rate over time: one flat object, so that a flag can change `kind` alone. Options that the chosen kind does
 * not use are ignored.
 */
const scheduleFields = z
  .strictObject({
    kind: z
      .enum(['constant', 'step', 'cosine', 'linear'])
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
      .describe('For cosine and linear: fraction of the learning rate at the end of the run.'),
  })
  .check((context) => {
    const { warmupSteps, warmupEpochs } = context.value;
    if (warmupSteps === undefined || warmupEpochs === undefined) return;
    context.issues.push({
      code: 'custom',
      path: ['warmupSteps'],
      input: warmupSteps,
      message: 'either warmupSteps or warmupEpochs, not both',
    });
  });

/** A bare name such as `cosine` is short for `{ kind: 'cosine' }`. */
const scheduleSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { kind: value } : value),
  scheduleFields,
);

const adamSchema = z.strictObject({
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of the first moment.'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of the second moment.'),
  epsilon: z
    .number()
    .positive()
    .default(1e-8)
    .describe("Added outside the square root, as PyTorch's eps."),
});

const earlyStoppingSchema = z.strictObject({
  metric: z
    .string()
    .min(1)
    .optional()
    .describe('Validation metric that must improve; default: the selection metric.'),
  patience: z
    .int()
    .min(1)
    .default(10)
    .describe('Epochs without improvement before training stops.'),
  minimumDelta: z
    .number()
    .min(0)
    .default(0)
    .describe('Smallest change that counts as an improvement.'),
  restoreBest: z
    .boolean()
    .default(true)
    .describe('End with the weights of the best epoch instead of the last.'),
});

/** Every training option that is a plain value, with its default and range. */
export const trainOptionsSchema = z.strictObject({
  epochs: z.int().min(1).default(50).describe('Passes over the training set.'),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(2e-4)
    .describe('Learning rate of Adam (paper: 2e-4).'),
  schedule: scheduleSchema.prefault({}).describe('Learning rate over time.'),
  adam: adamSchema.prefault({}).describe('The optimizer.'),
  precision: z
    .enum(precisionChoices)
    .default('float32')
    .describe(
      'Type in which convolutions and matrix products are computed: float32; bfloat16, which is faster on processors with AMX, with weights, statistics and losses in float32; or auto, bfloat16 where it is fast.',
    ),
  classWeights: z
    .array(z.number().positive())
    .min(2)
    .optional()
    .describe(
      'Weight of each class in the loss, in the order of the classes; the mean is weighted as in PyTorch.',
    ),
  positiveWeights: z
    .array(z.number().positive())
    .min(1)
    .optional()
    .describe(
      "For several findings per image: factor on the loss of each finding's positive labels, in the order of the findings (PyTorch's pos_weight).",
    ),
  selection: z
    .string()
    .min(1)
    .default('auc')
    .describe(
      'Validation metric that selects the best epoch; lower is better for "loss", higher for all others.',
    ),
  earlyStopping: earlyStoppingSchema
    .optional()
    .describe('Stop when a validation metric no longer improves.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0)
    .describe('Seed of layers that are random while training, such as dropout.'),
  checkpointEverySteps: z.int().min(1).optional().describe('Steps between checkpoints.'),
  checkpointEverySeconds: z
    .number()
    .min(0)
    .default(120)
    .describe('Seconds between checkpoints; 0 writes one after every step.'),
});

/** Resolved training options. */
export type TrainOptions = z.output<typeof trainOptionsSchema>;

/** Training options as a caller writes them: everything has a default. */
export type TrainOptionsInput = Omit<z.input<typeof trainOptionsSchema>, 'schedule'> & {
  schedule?: ScheduleOptionsInput;
};

/** Resolved options of a schedule. */
export type ScheduleOptions = z.output<typeof scheduleFields>;

/** Options of a schedule as a caller writes them. */
export type ScheduleOptionsInput = z.input<typeof scheduleFields> | ScheduleOptions['kind'];

/**
 * Checks training options and fills in the defaults.
 * @throws InputError with every issue: the option, its value, what is allowed.
 */
export function resolveTrainOptions(input: TrainOptionsInput): TrainOptions {
  return parseOptions(trainOptionsSchema, input);
}
