import { z } from 'zod';
import { type ScheduleOptionsInput, scheduleOptionsSchema } from './scheduleOptionsSchema.js';

const adamSchema = z.strictObject({
  beta1: z.number().min(0).lt(1).default(0.9).describe('decay of the first moment'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('decay of the second moment'),
  epsilon: z.number().positive().default(1e-8).describe("added outside the root, as PyTorch's eps"),
});

const earlyStoppingSchema = z.strictObject({
  metric: z
    .string()
    .min(1)
    .optional()
    .describe('validation metric that must improve; the selection metric unless given'),
  patience: z.int().min(1).default(10).describe('epochs without improvement before the run stops'),
  minimumDelta: z
    .number()
    .min(0)
    .default(0)
    .describe('a smaller change does not count as improvement'),
  restoreBest: z
    .boolean()
    .default(true)
    .describe('the model ends with the weights of the best epoch instead of the last'),
});

/** Every option of a training run that is a plain value, with its default and range: the gate for flags and files. */
export const trainOptionsSchema = z.strictObject({
  epochs: z.int().min(1).default(50).describe('passes over the training samples'),
  learningRate: z
    .number()
    .positive()
    .max(10)
    .default(2e-4)
    .describe("Adam's step size (paper: 2e-4)"),
  schedule: scheduleOptionsSchema.prefault({}).describe('learning rate over time'),
  adam: adamSchema.prefault({}).describe('the optimiser'),
  classWeights: z
    .array(z.number().positive())
    .min(2)
    .optional()
    .describe(
      'weight of each class in the loss, in the order of the classes; the mean is weighted as in PyTorch',
    ),
  selection: z
    .string()
    .min(1)
    .default('auc')
    .describe(
      'validation metric that chooses the best epoch; lower is better for "loss", higher for all others',
    ),
  earlyStopping: earlyStoppingSchema
    .optional()
    .describe('stop when a validation metric no longer improves'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0)
    .describe('selects the random streams of layers that draw numbers while training'),
  checkpointEverySteps: z
    .int()
    .min(1)
    .optional()
    .describe('write a checkpoint after every so many steps'),
  checkpointEverySeconds: z
    .number()
    .min(0)
    .default(120)
    .describe('write a checkpoint at the first step after so many seconds; 0 is after every step'),
});

/** Resolved options of a training run. */
export type TrainOptions = z.output<typeof trainOptionsSchema>;

/** Options of a training run as a caller writes them: everything has a default. */
export type TrainOptionsInput = Omit<z.input<typeof trainOptionsSchema>, 'schedule'> & {
  schedule?: ScheduleOptionsInput;
};
