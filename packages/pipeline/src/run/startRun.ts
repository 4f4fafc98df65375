import { count, throwIssues } from '@nonlocal-med/core';
import { preprocessingSchema } from '@nonlocal-med/data/image';
import { useEngine } from '@nonlocal-med/engine';
import { describeLoadReport } from '@nonlocal-med/models';
import { createRunFolder, requireNewFolder } from '@nonlocal-med/runs';
import { lossWeightIssues, metricsOfTask, resolvePrecision } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { absolutePaths } from '../config/absolutePaths.js';
import { configText } from '../config/configText.js';
import { hidePaths } from '../config/hiddenPaths.js';
import { metricIssues } from '../config/parseRunConfig.js';
import { resolveAugmentation, type ResolvedAugmentation } from '../config/resolveAugmentation.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { withObservations } from '../data/describeObservations.js';
import { openRunData, type RunData } from '../data/runData.js';
import { checkDecision } from '../decision/decideRun.js';
import { recordImages } from '../seen/imageRecord.js';
import { completeRun, type RunOutcome, trainRun } from './completeRun.js';
import { createRunModel } from './createRunModel.js';
import { decidedOptions } from './decidedOptions.js';
import { describeEnvironment } from './describeEnvironment.js';
import { settleLastBatch } from './lastBatch.js';
import type { ProgressListener } from './progressListener.js';
import {
  meetMembers,
  memberEngine,
  requireSameRun,
  type RunCluster,
  settleParts,
} from './runCluster.js';
import { chooseKernels } from './runEngine.js';

/** Where a run is stored, and how it is followed and stopped. */
export interface StartRunOptions extends ProgressListener {
  /** For a new run: a folder that is empty or does not exist. */
  readonly folder: string;
  /** Stops the run after the current step, with a checkpoint written. */
  readonly signal?: AbortSignal;
  /** Overrides how images are loaded. Affects no result and is not recorded. */
  readonly loader?: Partial<RunConfig['loader']>;
  /**
   * Trains together with other processes, which call this function with the same configuration. Only member 0 uses the
   * folder, tests and exports; the outcome of the others has no metrics.
   */
  readonly cluster?: RunCluster;
}

/** What is known of a run that is resumed, besides its folder. */
export interface ResumeRunOptions extends StartRunOptions {
  /** Its configuration with its paths, where the folder hides them and the user's cache may not know them. */
  readonly known?: RunConfig;
  /** Trains to this number of epochs instead of the configured one, which may be more than a finished run has. */
  readonly epochs?: number;
}

/**
 * Trains, tests and exports a model. Checks the images and loads pre-trained weights before the folder is created, so
 * that wrong input leaves nothing behind. Relative paths in the configuration start from the working directory.
 * @throws InputError if the folder, the images, the weights or the weights of the loss cannot be used.
 * @throws UnavailableError if native TensorFlow or "imagenet" weights are required but not available.
 * @throws LostMemberError if another member of the cluster ends, stops or does not start.
 * @example
 * ```ts no-run
 * import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
 *
 * const config = parseRunConfig({
 *   data: { kind: 'tiny-lesions', images: 48, size: 64 }, // or { path: 'folder-of-class-folders' }
 *   split: { test: 0.25, validation: 0 },
 *   preprocessing: { size: 32, contrast: 'none' },
 *   model: { name: 'shufflenetv2', width: 0.5 },
 *   training: { epochs: 1, batchSize: 12 },
 * });
 * const { reason, metrics } = await startRun(config, { folder: 'runs/first' });
 * console.log(reason); // finished
 * console.log(metrics.images.test); // 12
 * ```
 */
export async function startRun(
  given: RunConfig,
  { folder, signal, loader, cluster: wanted, ...listener }: StartRunOptions,
): Promise<RunOutcome> {
  const writes = wanted === undefined || wanted.member === 0;
  if (writes) await requireNewFolder(folder);
  const resolved = absolutePaths(given);
  const engine = await useEngine(memberEngine(resolved.engine, wanted));
  if (engine.engine === 'wasm') listener.onNote?.(`Compute backend: ${engine.reason}`);
  const kernels = chooseKernels(engine, resolved.engine);
  if (kernels !== undefined) listener.onNote?.(kernels);
  const cluster = await meetMembers(wanted, { signal, ...listener });

  const {
    data,
    config: augmented,
    ...augmentation
  } = await prepareRunData(resolved, { signal, ...listener });
  checkTraining(augmented, data);
  checkDecision(augmented, data);
  const { model, loaded } = await createRunModel(augmented, data.dataset, {
    onProgress: listener.onNote,
  });
  try {
    const trainingImages = data.split.train.length;
    const { config: settled, note } = settleLastBatch(augmented, { model, trainingImages });
    const config = settlePrecision(settled, model, listener);
    const runNotes = [
      ...(note === undefined ? [] : [note]),
      ...settleParts(config, model, cluster),
    ];
    for (const each of runNotes) listener.onNote?.(each);
    await requireSameRun(cluster, { config, data, pretrained: loaded });
    const open = {
      config: { ...config, loader: { ...config.loader, ...loader } },
      data,
      model,
      signal,
      listener,
      cluster,
    };
    if (!writes) return { folder, reason: await trainRun(open) };
    if (loaded !== undefined) listener.onNote?.(`Weights: ${describeLoadReport(loaded.report)}`);
    const environment = await describeEnvironment({
      config,
      data: { ...data, notes: [...data.notes, ...runNotes] },
      engine,
      augmentation,
      decided: decidedOptions(resolved, config),
      pretrained: loaded,
    });
    const images = recordImages(data);
    const written = data.dataset.hidesNames === true ? await hidePaths(config) : config;
    const run = await createRunFolder(folder, {
      config: written,
      configText: configText(written),
      environment,
      images,
    });
    return await completeRun({ ...open, run });
  } finally {
    model.dispose();
  }
}

/**
 * Opens the images of a new run, reports what was found, and completes its configuration with what depends on them: the
 * scale of the values, and the augmentation.
 * @throws InputError with all issues of the data set, or of the split.
 */
export async function prepareRunData(
  given: RunConfig,
  { signal, ...listener }: ProgressListener & { readonly signal?: AbortSignal },
): Promise<ResolvedAugmentation & { readonly data: RunData }> {
  const data = withObservations(
    await openRunData(withoutOldValues(given), {
      signal,
      onProgress: (done, total) => listener.onImages?.('checking images', done, total),
    }),
  );
  reportObservations(data, listener);
  const resolved = await resolveAugmentation(withValues(given, data), data.dataset);
  listener.onNote?.(resolved.note);
  return { ...resolved, data };
}

/** The precision that the training of a configuration means on this machine, recorded so that it can be repeated. */
export function settlePrecision(
  config: RunConfig,
  model: LayersModel,
  { onNote }: ProgressListener,
): RunConfig {
  const { precision, note } = resolvePrecision(config.training.precision, model);
  if (note !== undefined) onNote?.(note);
  return { ...config, training: { ...config.training, precision } };
}

/** The options of the data set win over the scale that a configuration took over from another run. */
function withoutOldValues(config: RunConfig): RunConfig {
  const { bits, valueRange } = config.data.kind === 'tiny-lesions' ? {} : config.data;
  if (bits === undefined && valueRange === undefined) return config;
  return { ...config, preprocessing: { ...config.preprocessing, values: undefined } };
}

/** Records the scale of the image files' values, so that whatever uses the model later applies the same one. */
function withValues(config: RunConfig, { values }: RunData): RunConfig {
  if (values === undefined) return config;
  // In the schema's order of keys, as a resumed run reads them, so that both export identical files.
  const preprocessing = preprocessingSchema.parse({ ...config.preprocessing, values });
  return { ...config, preprocessing };
}

function reportObservations(
  { dataset, split, notes }: RunData,
  { onNote }: ProgressListener,
): void {
  for (const note of [...(dataset.privateNotes ?? []), ...notes]) onNote?.(note);
  if (split.test.length === 0) {
    const reason = dataset.givenSplit === undefined ? 'split.test is 0' : 'the split is given';
    onNote?.(
      `There is no test set (${reason}): the model is trained and exported, but its metrics are undefined.`,
    );
  }
  const skipped = dataset.skipped.length;
  if (skipped > 0)
    onNote?.(
      `Skipped ${count(skipped, 'unreadable image')}; the environment.json of a run lists ${skipped === 1 ? 'it' : 'them'}.`,
    );
}

/** @throws InputError if options do not fit the task and the classes of the data set. */
export function checkTraining({ training }: RunConfig, { dataset, split }: RunData): void {
  const issues = [
    ...(training.watchAttention > 0 && split.validation.length === 0
      ? [
          {
            path: 'watchAttention',
            message: 'has no effect: there is no validation set',
            hint: '--validation 0.1',
          },
        ]
      : []),
    ...(training.balancedSampling && dataset.task === 'multilabel'
      ? [
          {
            path: 'balancedSampling',
            message: 'has no effect: the images have several findings each',
            hint: 'training.balancedLoss, which weights the positive labels of each finding',
          },
        ]
      : []),
    ...lossWeightIssues(dataset, training),
    ...metricIssues(training, metricsOfTask(dataset.task)),
  ];
  throwIssues(issues.map((issue) => ({ ...issue, path: `training.${issue.path}` })));
}
