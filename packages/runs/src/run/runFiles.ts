import { join } from 'node:path';
import { fileExists } from '@nonlocal-med/core/node';
import type { WeightsChoice } from '../schemaParts.js';

/** Names of files and folders inside a run folder. */
export const runFiles = {
  /** Resolved options, enough to repeat the run. */
  config: 'config.yaml',
  /** Versions, backend, commit, fingerprint of the data, seeds. */
  environment: 'environment.json',
  /** Every image the run has used, what for, and its hashes. */
  images: 'images.json',
  /** One event per line. */
  events: 'events.jsonl',
  tensorboard: 'tensorboard',
  checkpoints: 'checkpoints',
  /** The newest checkpoints of the training state. */
  last: 'checkpoints/last',
  /** The weights with the best validation metric. */
  best: 'checkpoints/best',
  /** The exported model. */
  model: 'model',
  /** Training images as the network gets them in the first epoch. */
  trainingSheet: 'sheets/training.webp',
  /** Test images as the network gets them, with their true classes. */
  testSheet: 'sheets/test.webp',
  predictions: 'predictions',
  /** Calibration and operating points, chosen on the validation set; also in the folder of the exported model. */
  decision: 'decision.json',
  /** Written last: a run that has it is complete. */
  metrics: 'metrics.json',
  /** Which of TensorFlow's kernels computed the run. */
  kernels: 'kernels.json',
  /** Saliency maps and their index; see `explanationFiles`. */
  explanations: 'explanations',
  report: 'report.html',
  lock: '.lock',
} as const;

/** Groups (patients) of the test images, relative to the run folder; only in a run whose data set has groups. */
export const TEST_GROUPS_FILE = `${runFiles.predictions}/test-groups.csv`;

/** What is known of the test images besides their labels, relative to the run folder; only where the data set says it. */
export const TEST_ATTRIBUTES_FILE = `${runFiles.predictions}/test-attributes.csv`;

/** Predictions for the test set with one of the run's two sets of weights, relative to the run folder. */
export function testPredictionsFile(weights: WeightsChoice): string {
  return `${runFiles.predictions}/test-${weights}.csv`;
}

/** Whether a folder holds a run: it has the run's configuration. */
export function isRunFolder(folder: string): Promise<boolean> {
  return fileExists(join(folder, runFiles.config));
}
