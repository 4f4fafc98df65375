import { type Issue, parseOptions, precisionChoices, throwIssues } from '@nonlocal-med/core';
import { z } from 'zod';
import {
  type ScheduleOptionsInput,
  scheduleOptionsWithoutEffect,
  scheduleSchema,
} from './scheduleOptions.js';

const adamSchema = z.strictObject({
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of the first moment.'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Decay of the second moment.'),
  epsilon: z
    .number()
    .positive()
    .default(1e-8)
    .describe("Added outside the square root, as PyTorch's eps."),
});

const sgdSchema = z.strictObject({
  momentum: z.number().min(0).lt(1).default(0.9).describe('Momentum; 0 for none.'),
  nesterov: z.boolean().default(false).describe("Nesterov's momentum."),
});

const focalSchema = z.strictObject({
  gamma: z
    .number()
    .min(0)
    .max(10)
    .default(2)
    .describe('Exponent of 1 - p, where p is the probability of the label; 0 is cross-entropy.'),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      "For several findings per image: weight of positive labels, where negative ones have 1 - alpha (torchvision's alpha); default: both count equally.",
    ),
});

const emaSchema = z.strictObject({
  decay: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.999)
    .describe('Share of the average that each step keeps; 0.999 averages over about 1,000 steps.'),
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
    .describe('Learning rate (paper: 2e-4, with Adam).'),
  schedule: scheduleSchema.prefault({}).describe('Learning rate over time.'),
  optimizer: z
    .enum(['adam', 'adamw', 'sgd'])
    .default('adam')
    .describe(
      "Optimizer, with PyTorch's formulas: Adam (the paper's), AdamW, or SGD with momentum.",
    ),
  adam: adamSchema.prefault({}).describe('For adam and adamw.'),
  sgd: sgdSchema.prefault({}).describe('For sgd.'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      "Weight decay; default: PyTorch's, 0.01 for adamw and 0 for others. adam and sgd add it to the gradients (an L2 penalty), adamw shrinks the weights by it directly.",
    ),
  weightDecayOf: z
    .enum(['kernels', 'all'])
    .default('kernels')
    .describe(
      'Weights that decay: kernels of convolutions and linear layers, or all, which includes biases and the scales and offsets of normalization.',
    ),
  clipNorm: z
    .number()
    .positive()
    .optional()
    .describe(
      "Largest norm of all gradients together; larger ones are scaled down to it (PyTorch's clip_grad_norm_).",
    ),
  freezeStages: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'First stages of the backbone that stay as they are, running statistics included: 1 is the stem, 2 also the first stage of blocks, and so on.',
    ),
  headEpochs: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Epochs at the beginning that train only what is not the backbone, at a constant learning rate; then all is trained as by a new run, schedule included.',
    ),
  layerDecay: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe(
      "Factor on the learning rate of each stage of the backbone, from the last one to the first (timm's layer decay), such as 0.7; 1 for the same learning rate.",
    ),
  ema: emaSchema
    .optional()
    .describe(
      'Validate, test and export the exponential moving average of the weights over the steps, instead of the weights.',
    ),
  precision: z
    .enum(precisionChoices)
    .default('float32')
    .describe(
      'Type in which convolutions and matrix products are computed: float32; bfloat16, which is faster on processors with AMX, with weights, statistics and losses in float32; or auto, bfloat16 where it is fast.',
    ),
  loss: z
    .enum(['cross-entropy', 'focal'])
    .default('cross-entropy')
    .describe(
      'Loss: cross-entropy, or the focal loss, in which images that are already classified well count less.',
    ),
  focal: focalSchema.prefault({}).describe('For the focal loss.'),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "Share of the labels that is spread evenly over all classes (PyTorch's label_smoothing), or, of findings, over present and absent.",
    ),
  mixup: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe(
      'Blend each image with another one of its batch, and their labels in the loss: both parameters of the beta distribution of the shares, such as 0.2; 0 for none.',
    ),
  cutmix: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe(
      'Replace a rectangle of each image by that of another one of its batch, and mix their labels by its area: both parameters of the beta distribution of the areas, such as 1; 0 for none. With mixup too, half of the batches get each.',
    ),
  accumulateBatches: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe(
      'Batches per step: their gradients are averaged before the weights change, as for one batch of all their images, in the memory of one.',
    ),
  synchronizedBatchNorm: z
    .boolean()
    .default(false)
    .describe(
      "On several processes: batch normalization with the statistics of the whole batch instead of each process's part (PyTorch's SyncBatchNorm), so that they compute what one process computes; steps are slower. Changes nothing on one process.",
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

/**
 * Checks training options and fills in the defaults.
 * @throws InputError with every issue: the option, its value, what is allowed.
 */
export function resolveTrainOptions(input: TrainOptionsInput): TrainOptions {
  const options = parseOptions(trainOptionsSchema, input);
  throwIssues(trainOptionIssues(options));
  return options;
}

/** Weight decay of `torch.optim.AdamW` without further options. */
const ADAMW_DECAY = 0.01;

/** The weight decay that a training applies: what is given, or PyTorch's default for the optimizer. */
export const appliedWeightDecay = ({
  optimizer,
  weightDecay,
}: Pick<TrainOptions, 'optimizer' | 'weightDecay'>): number =>
  weightDecay ?? (optimizer === 'adamw' ? ADAMW_DECAY : 0);

/** Issues of training options that are valid by themselves but not in combination. */
export function trainOptionIssues(options: Omit<TrainOptions, 'seed'>): Issue[] {
  const { optimizer, sgd, loss, labelSmoothing } = options;
  const decays = appliedWeightDecay(options) > 0;
  const withoutEffect = [
    { option: 'adam', uses: optimizer !== 'sgd', because: `the optimizer is ${optimizer}` },
    { option: 'sgd', uses: optimizer === 'sgd', because: `the optimizer is ${optimizer}` },
    { option: 'focal', uses: loss === 'focal', because: `the loss is ${loss}` },
    { option: 'weightDecayOf', uses: decays, because: 'there is no weight decay' },
  ] as const;
  const defaults = trainOptionsSchema.parse({}); // what changes nothing may stand in any configuration
  const issues = withoutEffect.flatMap(({ option, uses, because }): Issue[] =>
    uses || JSON.stringify(options[option]) === JSON.stringify(defaults[option])
      ? []
      : [{ path: option, message: `has no effect: ${because}`, hint: 'leave it out' }],
  );
  for (const { option, because } of scheduleOptionsWithoutEffect(options.schedule))
    issues.push({
      path: `schedule.${option}`,
      message: `got ${options.schedule[option]}, which has no effect: ${because}`,
      hint: 'leave it out',
    });
  const { epochs, headEpochs } = options;
  if (headEpochs >= epochs)
    issues.push({
      path: 'headEpochs',
      message: `got ${headEpochs} of ${epochs} epochs`,
      hint: `at most ${epochs - 1}, so that all is trained in the end`,
    });
  if (optimizer === 'sgd' && sgd.nesterov && sgd.momentum === 0)
    issues.push({
      path: 'sgd.nesterov',
      message: "Nesterov's momentum needs a momentum",
      hint: 'sgd.momentum above 0, such as 0.9',
    });
  if (loss === 'focal' && labelSmoothing > 0)
    issues.push({
      path: 'labelSmoothing',
      message: 'cannot be combined with the focal loss',
      hint: 'set only one of them',
    });
  return issues;
}
