import type { LoadedCheckpoint } from '../checkpoint/loadCheckpoint.js';
import { initialProgress } from '../checkpoint/trainingProgress.js';
import { createLogits } from '../evaluate/createLogits.js';
import { evaluateClassifier } from '../evaluate/evaluateClassifier.js';
import { createAdam } from '../optimizer/createAdam.js';
import { resolveTrainOptions } from '../options/resolveTrainOptions.js';
import type { TrainOptions, TrainOptionsInput } from '../options/trainOptionsSchema.js';
import { createStepGradients } from '../step/createStepGradients.js';
import { seedLayers } from '../step/seedLayers.js';
import { namedWeights } from '../weights/namedWeights.js';
import { restoreWeights } from '../weights/restoreWeights.js';
import { checkFit } from './checkFit.js';
import { createCheckpointer } from './checkpointer.js';
import { endOfLog } from './endOfLog.js';
import { endReason } from './endReason.js';
import type { FitOptions } from './fitOptions.js';
import { openRecorder } from './openRecorder.js';
import { compareIdentity, runIdentity } from './runIdentity.js';
import { restoreKernelChoices } from './takeKernelChoices.js';
import { type TakenRun, takeRun } from './takeRun.js';
import type { Training } from './training.js';

/** What is not a plain value; everything else goes through the options' one gate, which refuses unknown names. */
const parts = new Set<string>([
  'model',
  'train',
  'validation',
  'evaluate',
  'run',
  'resume',
  'signal',
  'graph',
] satisfies (keyof FitOptions)[]);

/** What is to be undone at the end, the last first. */
type Closers = (() => Promise<void> | void)[];

/** Checks everything, takes the run, and puts the model where its last checkpoint left it. */
export async function openTraining(
  fitOptions: FitOptions,
): Promise<{ training: Training; close: () => Promise<void> }> {
  const options = resolveTrainOptions(plainOptions(fitOptions));
  checkFit(fitOptions, options);
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    const failed: unknown[] = [];
    for (const closer of closers.toReversed()) {
      try {
        await closer();
      } catch (error) {
        failed.push(error); // the lock, opened first and closed last, must be given back all the same
      }
    }
    if (failed.length > 0) throw failed[0];
  };
  try {
    return { training: await assemble(fitOptions, options, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function plainOptions(fitOptions: FitOptions): TrainOptionsInput {
  return Object.fromEntries(Object.entries(fitOptions).filter(([name]) => !parts.has(name)));
}

async function assemble(
  fitOptions: FitOptions,
  options: TrainOptions,
  closers: Closers,
): Promise<Training> {
  const {
    model,
    train,
    validation,
    evaluate = evaluateClassifier,
    run,
    resume = false,
    signal,
    graph = false,
  } = fitOptions;
  const taken = run === undefined ? undefined : await takeRun(run, { options, resume });
  if (taken !== undefined) closers.push(() => taken.lock.release());
  const checkpoint = taken?.loaded?.checkpoint;
  const weights = namedWeights(model).filter(({ trainable }) => trainable);
  const optimizer = createAdam(weights, options.adam);
  closers.push(() => optimizer.dispose());
  const identity = runIdentity({ options, train, optimizer });
  const differences =
    checkpoint === undefined ? [] : compareIdentity(identity, checkpoint.identity);
  if (checkpoint !== undefined) {
    restoreWeights(model, checkpoint.weights);
    restoreKernelChoices(checkpoint.kernelChoices);
    if (checkpoint.optimizer !== undefined) optimizer.importState(checkpoint.optimizer);
  }

  const progress = checkpoint?.progress ?? initialProgress;
  const ended =
    taken !== undefined && endReason(progress.history, options) !== null
      ? await endOfLog(taken.folder)
      : undefined;
  const recorder = await openRecorder(
    ended === undefined ? taken?.folder : undefined,
    resume ? (checkpoint ?? null) : undefined,
  );
  closers.push(() => recorder.close());
  const randomLayers = seedLayers(model);
  const gradients = createStepGradients({
    model,
    weights,
    classWeights: options.classWeights,
    graph: graph && !randomLayers.any,
  });
  closers.push(() => gradients.dispose());
  const logits = createLogits(model, { graph });
  closers.push(() => logits.dispose());
  const opened = performance.now();
  return {
    gradients,
    logits,
    train,
    validation,
    evaluate,
    signal,
    options,
    weights,
    optimizer,
    randomLayers,
    recorder,
    checkpointer: createCheckpointer({
      model,
      optimizer,
      options,
      recorder,
      run: taken?.folder,
      identity,
    }),
    renewLock: () => taken?.lock.renew() ?? Promise.resolve(),
    seconds: () => progress.seconds + (performance.now() - opened) / 1000,
    progress,
    warnings: [
      ...differences,
      ...skippedCheckpoints(taken),
      ...unrepeatableLayers(taken, randomLayers.unrepeatable),
    ],
    ended,
    said: new Set(),
  };
}

function skippedCheckpoints(taken: TakenRun | undefined): string[] {
  const skipped: LoadedCheckpoint['skipped'] = taken?.loaded?.skipped ?? [];
  return skipped.map(
    ({ path, reason }) => `The checkpoint ${path} was passed over for an older one: ${reason}.`,
  );
}

function unrepeatableLayers(taken: TakenRun | undefined, layers: readonly string[]): string[] {
  if (taken === undefined || layers.length === 0) return [];
  return [
    `These layers draw random numbers that a resumed run cannot repeat: ${layers.join(', ')}.`,
  ];
}
