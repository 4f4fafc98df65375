import { datasetKinds } from '@nonlocal-med/data';
import { readNumber } from './readNumber.js';
import { readSize } from './readSize.js';

/** One command-line flag that sets one option of the run configuration. */
export interface Flag {
  /** As commander takes it, e.g. `--epochs <count>`. */
  readonly flags: string;
  /** Dotted path of the option in the configuration, e.g. `training.epochs`. */
  readonly path: string;
  readonly description: string;
  /** How the text becomes the option's value; the text itself when absent. */
  readonly read?: (text: string) => unknown;
}

/** Flags of `train`; the configuration file can say all of this and more (`--set` too). */
export const trainingFlags: readonly Flag[] = [
  {
    flags: '--data <path>',
    path: 'data.path',
    description:
      'a folder with one folder a class, a CSV manifest or its folder, or a public data set as it is handed out',
  },
  {
    flags: '--kind <name>',
    path: 'data.kind',
    description: `layout of the images: ${datasetKinds.join(', ')}; default: as they look (auto)`,
  },
  {
    flags: '--label <name>',
    path: 'data.label',
    description: 'messidor, messidor2: dr4, dr5, dme3, dr-binary, dr-referable or dme-binary',
  },
  {
    flags: '--label-column <name>',
    path: 'data.labelColumn',
    description: 'CSV: the column of the class',
  },
  {
    flags: '--group-column <name>',
    path: 'data.groupColumn',
    description: 'CSV: the column of the patient (one patient, one side of the split)',
  },
  {
    flags: '--group-pattern <regex>',
    path: 'data.groupPattern',
    description: 'the patient is what this pattern captures in the file name',
  },
  {
    flags: '--on-bad-image <fail|skip>',
    path: 'data.onBadImage',
    description: 'stop at an unreadable image, or leave it out and list it',
  },
  { flags: '--model <name>', path: 'model.name', description: 'see `models`' },
  {
    flags: '--weights <file>',
    path: 'model.weights',
    description: 'pre-trained weights: .pth or .safetensors, or "imagenet"',
  },
  {
    flags: '--size <pixels>',
    path: 'preprocessing.size',
    description: 'input size, N or HxW',
    read: readSize,
  },
  {
    flags: '--color <rgb|grey>',
    path: 'preprocessing.color',
    description: 'read images as colour or grey',
  },
  {
    flags: '--contrast <clahe|local-mean|none>',
    path: 'preprocessing.contrast',
    description: 'local contrast step',
  },
  {
    flags: '--epochs <count>',
    path: 'training.epochs',
    description: 'passes over the training images',
    read: readNumber,
  },
  {
    flags: '--batch <count>',
    path: 'training.batchSize',
    description: 'images a step',
    read: readNumber,
  },
  {
    flags: '--learning-rate <rate>',
    path: 'training.learningRate',
    description: "Adam's step size",
    read: readNumber,
  },
  {
    flags: '--schedule <name>',
    path: 'training.schedule.kind',
    description: 'learning rate over time',
  },
  {
    flags: '--seed <number>',
    path: 'seed',
    description: 'selects split, order, augmentation and initial weights',
    read: readNumber,
  },
  {
    flags: '--test <share>',
    path: 'split.test',
    description: 'share of the images that is only tested on',
    read: readNumber,
  },
  {
    flags: '--validation <share>',
    path: 'split.validation',
    description: 'share of the training side for choosing the epoch',
    read: readNumber,
  },
  {
    flags: '--workers <count>',
    path: 'loader.workers',
    description: 'threads that prepare images',
    read: readNumber,
  },
  {
    flags: '--cache <folder>',
    path: 'loader.cacheFolder',
    description: 'keep prepared images there between runs',
  },
  {
    flags: '--engine <auto|native|wasm>',
    path: 'engine.backend',
    description: 'where the numbers run',
  },
];
