import {
  choicesOfFlag,
  dataFlags,
  describeFlag,
  type OptionFlag,
  parseNumber,
  under,
} from '@nonlocal-med/pipeline/options';
import { flagOption } from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';
import { CLUSTER_GROUP } from '../processes/clusterFlags.js';

/** `386`, or `386x512` as height and width. */
export const parseSize = (text: string): unknown =>
  /^\d+x\d+$/.test(text) ? text.split('x').map(Number) : parseNumber(text);

/** Flags of `train`. The configuration file and `--set` accept all options, including these. */
export const trainingFlags: readonly OptionFlag[] = [
  ...dataFlags,
  ...under('Patients and split:', [
    {
      flags: '--test <fraction>',
      path: 'split.test',
      description: 'fraction of the images held out for testing',
      parse: parseNumber,
    },
    {
      flags: '--validation <fraction>',
      path: 'split.validation',
      description: 'fraction of the training images used for validation',
      parse: parseNumber,
    },
    {
      flags: '--seed <number>',
      path: 'seed',
      description: 'seed of split, order, augmentation and initial weights',
      parse: parseNumber,
    },
  ]),
  ...under('Input of the network:', [
    {
      flags: '--size <pixels>',
      path: 'preprocessing.size',
      description: 'input size, N or HxW',
      parse: parseSize,
    },
    {
      flags: '--fit <name>',
      path: 'preprocessing.fit',
      description:
        'how images of another shape get that size: stretch (the default, as in the paper), letterbox (whole, between black bars), center-crop, or fundus-crop (the disk of a fundus photograph)',
    },
    {
      flags: '--color <rgb|gray>',
      path: 'preprocessing.color',
      description: 'read images in color or as grayscale',
    },
    {
      flags: '--contrast <clahe|local-mean|none>',
      path: 'preprocessing.contrast',
      description: 'local contrast enhancement',
    },
    {
      flags: '--augment <fundus|xray|light|none>',
      path: 'augmentation',
      description:
        "augmentation of training images: flips and any rotation (the paper's, for fundus photographs), small changes without flips (X-rays, CT), few changes, or none; default: what suits the data set, which is reported",
    },
  ]),
  ...under('Training:', [
    {
      flags: '--model <name>',
      path: 'model.name',
      description: 'name of the model; `models` lists them',
    },
    {
      flags: '--weights <file>',
      path: 'model.weights',
      description: 'pretrained weights: a .pth or .safetensors file, or "imagenet"',
    },
    {
      flags: '--epochs <count>',
      path: 'training.epochs',
      description: 'passes over the training images',
      parse: parseNumber,
    },
    {
      flags: '--batch <count>',
      path: 'training.batchSize',
      description:
        'batch size; train also takes auto, the largest power of two that fits into memory',
      parse: parseNumber,
    },
    {
      flags: '--precision <float32|bfloat16|auto>',
      path: 'training.precision',
      description:
        'type in which convolutions and matrix products are computed; bfloat16 is faster on processors with AMX; auto: bfloat16 where it is',
    },
    {
      flags: '--learning-rate <rate>',
      path: 'training.learningRate',
      description: 'learning rate',
      parse: parseNumber,
    },
    {
      flags: '--schedule <name>',
      path: 'training.schedule.kind',
      description:
        'how the learning rate changes over the epochs: constant, step, cosine, linear, one-cycle or warm-restarts',
    },
    {
      flags: '--optimizer <adam|adamw|sgd>',
      path: 'training.optimizer',
      description: "optimizer, with PyTorch's formulas; sgd has a momentum of 0.9",
    },
    {
      flags: '--weight-decay <factor>',
      path: 'training.weightDecay',
      description:
        'weight decay of kernels; default: 0.01 with adamw, as in PyTorch, 0 with others',
      parse: parseNumber,
    },
    {
      flags: '--clip-norm <norm>',
      path: 'training.clipNorm',
      description: 'largest norm of the gradients; larger ones are scaled down to it',
      parse: parseNumber,
    },
    {
      flags: '--loss <cross-entropy|focal>',
      path: 'training.loss',
      description: 'loss; focal: images that are already classified well count less',
    },
    {
      flags: '--label-smoothing <share>',
      path: 'training.labelSmoothing',
      description: 'share of the labels that is spread evenly over all classes, such as 0.1',
      parse: parseNumber,
    },
    {
      flags: '--mixup <alpha>',
      path: 'training.mixup',
      description: 'blend images of a batch and their labels, such as 0.2; higher blends more',
      parse: parseNumber,
    },
    {
      flags: '--cutmix <alpha>',
      path: 'training.cutmix',
      description:
        'replace a rectangle of each image by that of another one and mix their labels, such as 1',
      parse: parseNumber,
    },
    {
      flags: '--balanced-sampling',
      path: 'training.balancedSampling',
      description: 'train on equally many images of each class, repeating those of rare classes',
    },
    {
      flags: '--accumulate <batches>',
      path: 'training.accumulateBatches',
      description:
        'batches whose gradients are averaged for one step: the effect of a larger batch in the memory of a small one',
      parse: parseNumber,
    },
    {
      flags: '--freeze-stages <count>',
      path: 'training.freezeStages',
      description:
        'with pretrained weights: first stages of the backbone that stay as they are; 1 is the stem',
      parse: parseNumber,
    },
    {
      flags: '--head-epochs <count>',
      path: 'training.headEpochs',
      description:
        'with pretrained weights: epochs at the beginning that train only what is new, at a constant learning rate',
      parse: parseNumber,
    },
    {
      flags: '--layer-decay <factor>',
      path: 'training.layerDecay',
      description:
        'factor on the learning rate of each stage of the backbone, from the last to the first, such as 0.7',
      parse: parseNumber,
    },
    {
      flags: '--ema <decay>',
      path: 'training.ema.decay',
      description:
        'validate, test and export the moving average of the weights, which keeps this share at each step, such as 0.999',
      parse: parseNumber,
    },
  ]),
  ...under('Decisions:', [
    {
      flags: '--tta <flips|d4>',
      path: 'test.tta',
      description:
        'also test with the mean over mirror images (flips, 4 views) or all symmetries of the square (d4, 8 views): a further row in tables; testing takes 5 or 9 times as long',
    },
    {
      flags: '--operating-point <rule>',
      path: 'decision.operatingPoints',
      description:
        'threshold to choose on the validation set, e.g. "referable: specificity>=0.95", sensitivity>=0.9, youden (the default), f1 or cost=10, with or without a class; can be repeated',
      parse: (text, previous) => [...((previous as string[] | undefined) ?? []), text],
    },
    {
      flags: '--calibrated',
      path: 'decision.calibrated',
      description:
        'decide on calibrated probabilities; the calibration is fitted on the validation set and stored in any case',
    },
  ]),
  ...under('Computer:', [
    {
      flags: '--engine <auto|native|wasm>',
      path: 'engine.backend',
      description: 'compute backend',
    },
    {
      flags: '--workers <count>',
      path: 'loader.workers',
      description: 'number of threads that prepare images; default: all cores but one, at most 4',
      parse: parseNumber,
    },
    {
      flags: '--cache <folder>',
      path: 'loader.cacheFolder',
      description: 'folder that keeps prepared images between runs',
    },
  ]),
  ...under(CLUSTER_GROUP, [
    {
      flags: '--sync-batch-norm',
      path: 'training.synchronizedBatchNorm',
      description:
        "batch normalization over the parts of all processes (PyTorch's SyncBatchNorm): computes what one process computes, in slower steps",
    },
  ]),
];

/**
 * Adds the flags of a training run to a command.
 * @param sections adds only the flags of these sections of the configuration
 * @param without leaves out the flags of these sections, and of these options
 */
export function addTrainingFlags(
  command: Command,
  {
    sections,
    without = [],
  }: { readonly sections?: readonly string[]; readonly without?: readonly string[] } = {},
): Command {
  for (const flag of trainingFlags) {
    const [section] = flag.path.split('.');
    if (sections?.includes(section) === false) continue;
    if (without.includes(section) || without.includes(flag.path)) continue;
    command.addOption(
      flagOption({ ...flag, description: describeFlag(flag), choices: choicesOfFlag(flag) }),
    );
  }
  if (sections === undefined || sections.includes('augmentation'))
    command.addOption(
      new Option('--no-augment', 'the same as --augment none').helpGroup('Input of the network:'),
    );
  return command
    .option('--config <file>', 'YAML file with options')
    .option('--set <path=value...>', 'any option, e.g. --set training.earlyStopping.patience=5');
}
