import { count } from '@nonlocal-med/core';
import { balancedClassWeights, balancedPositiveWeights } from '@nonlocal-med/data';
import { backboneStages } from '@nonlocal-med/models';
import type { RunFolder, RunMetrics } from '@nonlocal-med/runs';
import { kernelChoices, precisionOfChoices } from '@nonlocal-med/tensor';
import {
  evaluateClassifier,
  fit,
  type FitOptions,
  metricsOfTask,
  type TrainingCluster,
  type TrainOptions,
} from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { omitKeys } from '../config/mergeOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import {
  createRunLoader,
  hasOrderedClasses,
  knowsPatients,
  type RunData,
} from '../data/runData.js';
import { openAttentionMeter } from '../explanation/attentionMeter.js';
import { explainSample } from '../explanation/explainSample.js';
import { writeRunSheets } from '../sheets/imageSheets.js';
import type { ProgressListener } from './progressListener.js';
import { testRun } from './testRun.js';

/** How a run ended. */
export interface RunOutcome {
  readonly folder: string;
  readonly reason: 'finished' | 'early-stop' | 'interrupted';
  /** Metrics on the test set; absent if the run was interrupted. */
  readonly metrics?: RunMetrics;
  /** Whether groups of images are patients, rather than copies of an image; absent if the run was interrupted. */
  readonly patientsKnown?: boolean;
  /** Whether a cross-validation on these images is possible: their split is not given. */
  readonly canFold?: boolean;
}

/** A run that is ready to be trained, from its beginning or from its last checkpoint. */
export interface OpenRun {
  readonly run: RunFolder;
  readonly config: RunConfig;
  readonly data: RunData;
  readonly model: LayersModel;
  readonly signal?: AbortSignal;
  readonly listener: ProgressListener;
  /** The processes that train it together. */
  readonly cluster?: TrainingCluster;
}

/**
 * Shows a run's images on two sheets, trains it to its end, then tests and exports it, and explains a sample of its test images. If it is stopped while being tested, it counts as interrupted: only
 * the tests are repeated when it is resumed.
 */
export async function completeRun(open: OpenRun): Promise<RunOutcome> {
  const { run, data, signal } = open;
  await writeRunSheets(open);
  const reason = await trainRun(open);
  if (reason === 'interrupted') return { folder: run.path, reason };
  try {
    const metrics = await testRun(open);
    reportPrecision(open);
    await explainSample(open, metrics.selected === undefined ? 'last' : 'selected');
    return { folder: run.path, reason, metrics, ...testFacts(data) };
  } catch (error) {
    if (signal?.aborted === true) return { folder: run.path, reason: 'interrupted' };
    throw error;
  }
}

/** Says how much of a run in bfloat16 was computed in float32, because this processor computes it faster. */
function reportPrecision({ config, listener }: OpenRun): void {
  const { operations, inFloat32 } = precisionOfChoices(kernelChoices());
  if (config.training.precision !== 'bfloat16' || inFloat32 === 0) return;
  const share = `${inFloat32} of ${count(operations, 'kind')} of products`;
  listener.onNote?.(
    inFloat32 > operations / 2
      ? `bfloat16 does not pay on this processor: it computes ${share} faster in float32, which were computed in it.`
      : `${share} were computed in float32, which is faster for them on this processor; the others in bfloat16.`,
  );
}

/** What a reader of a run's results should know about its images. */
export const testFacts = ({
  dataset,
}: RunData): Required<Pick<RunOutcome, 'patientsKnown' | 'canFold'>> => ({
  patientsKnown: knowsPatients(dataset.samples),
  canFold: dataset.givenSplit === undefined,
});

/**
 * Trains a run, from its last checkpoint if there is one.
 * @param open without `run` for a member of a cluster that does not write it
 */
export async function trainRun({
  run,
  config,
  data,
  model,
  signal,
  listener,
  cluster,
}: Omit<OpenRun, 'run'> & Partial<Pick<OpenRun, 'run'>>): Promise<RunOutcome['reason']> {
  const { dataset, split } = data;
  const { classes } = dataset;
  const onWarning = (message: string): void => listener.onEvent?.({ type: 'warning', message });
  const trainLoader = createRunLoader(split.train, config, { classes, training: true, onWarning });
  const validationLoader =
    split.validation.length === 0
      ? undefined
      : createRunLoader(split.validation, config, { classes, training: false, onWarning });
  let reason: RunOutcome['reason'] = 'interrupted';
  try {
    const events = fit({
      ...stepOptions(config, { data, model }),
      train: trainLoader,
      validation: validationLoader,
      evaluate: await validationMetricsOf({ config, data, model, signal, listener, cluster }),
      run,
      resume: run !== undefined,
      signal,
      cluster,
    });
    for await (const event of events) {
      listener.onEvent?.(event);
      if (event.type === 'end') reason = event.reason;
    }
  } finally {
    await trainLoader.close();
    await validationLoader?.close();
  }
  return reason;
}

/** Training options that `fit` does not have. */
const ofThePipeline = [
  'batchSize',
  'dropLast',
  'balancedLoss',
  'balancedSampling',
  'watchAttention',
] as const;

/** What the steps of a run's training depend on, besides its images. */
export function stepOptions(
  config: RunConfig,
  { data, model }: Pick<OpenRun, 'data' | 'model'>,
): Omit<FitOptions, 'train'> {
  return {
    ...omitKeys(config.training, ...ofThePipeline),
    ...(config.training.balancedLoss ? balancedWeights(data) : {}),
    model,
    stages: backboneStages(model),
    seed: config.seed,
    graph: config.engine.graph,
  };
}

/** Weights of the loss by which all classes count equally, or positive and negative labels of each finding. */
function balancedWeights({
  dataset: { task, classes },
  split: { train },
}: RunData): Partial<Pick<TrainOptions, 'classWeights' | 'positiveWeights'>> {
  return task === 'multilabel'
    ? { positiveWeights: balancedPositiveWeights(train, classes.length) }
    : {
        classWeights: balancedClassWeights(
          train.map(({ label }) => label),
          classes.length,
        ),
      };
}

/**
 * Computes the metrics of an epoch: without quadratic kappa, if the classes are not ordered and no option names it, and with
 * what is measured of the model's attention, if it is watched. Undefined for the default metrics, against which `fit` then also
 * checks the names in the options.
 */
async function validationMetricsOf({
  config,
  data,
  listener,
  cluster,
  ...open
}: Omit<OpenRun, 'run'>): Promise<FitOptions['evaluate']> {
  const { selection, earlyStopping, watchAttention } = config.training;
  const { dataset } = data;
  const named = [selection, earlyStopping?.metric ?? selection];
  const isDefault =
    hasOrderedClasses(config.data, dataset) ||
    named.some((name) => name === 'quadraticKappa' || !metricsOfTask(dataset.task).includes(name));
  const evaluate: FitOptions['evaluate'] = isDefault
    ? undefined
    : (predictions) => omitKeys(evaluateClassifier(predictions), 'quadraticKappa');
  // Only one member of a cluster validates.
  if (watchAttention === 0 || (cluster?.member ?? 0) > 0) return evaluate;
  const measure = await openAttentionMeter(watchAttention, { config, data, ...open });
  if (measure === undefined) {
    listener.onNote?.(`${config.model.name} has no attention to watch (training.watchAttention).`);
    return evaluate;
  }
  return async (predictions) => ({
    ...(await (evaluate ?? evaluateClassifier)(predictions)),
    ...(await measure()),
  });
}
