import { type BatchPart, count, partOfSource } from '@nonlocal-med/core';
import { finalEvent, readEvents, runFiles } from '@nonlocal-med/runs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { initialProgress } from '../checkpoint/checkpoint.js';
import { requireAgreement } from '../cluster/agreement.js';
import { shareValue, type TrainingCluster } from '../cluster/exchange.js';
import { openMemberTraining } from '../cluster/memberTraining.js';
import { scheduledRate } from '../learningRate.js';
import { mixBatch, mixesImages } from '../mixBatch.js';
import { createMovingAverage } from '../movingAverage.js';
import { type Precision, resolvePrecision } from '../precision.js';
import { createLogits } from '../predict.js';
import { restoreKernelChoices } from '../restoreKernelChoices.js';
import { resolveTrainOptions, type TrainOptions, type TrainOptionsInput } from '../trainOptions.js';
import { evaluateClassifier } from '../validationMetrics.js';
import { namedWeights, restoreWeights } from '../weights.js';
import { type AcquiredRun, acquireRun } from './acquireRun.js';
import { checkFit } from './checkFit.js';
import { createCheckpointer } from './checkpointer.js';
import type { FitOptions } from './fitOptions.js';
import { openPhases } from './phases.js';
import { findRandomLayers } from './randomLayers.js';
import { openRecorder } from './recorder.js';
import { compareIdentity, runIdentity } from './runIdentity.js';
import { computeStep, type StepPlan } from './stepGradients.js';
import { stepsPerEpoch } from './takeBatches.js';
import { createTaskLoss } from './taskLoss.js';
import type { Training } from './training.js';
import { endReason } from './trainLoop.js';

/**
 * Checks everything, locks the run, and puts the model into the state of the run's last checkpoint.
 * @returns the training, and the function that frees what it holds.
 */
export async function openTraining(
  fitOptions: FitOptions,
): Promise<{ training: Training; close: () => Promise<void> }> {
  const { evaluate = evaluateClassifier, resume = false, graph = false } = fitOptions;
  const wanted = resolveTrainOptions(plainOptions(fitOptions));
  const { precision } = resolvePrecision(wanted.precision, fitOptions.model);
  const options = { ...wanted, precision };
  checkFit(fitOptions, options);
  const cleanup: Cleanup = [];
  const close = (): Promise<void> => runInReverse(cleanup);
  try {
    const training = await assemble({ ...fitOptions, evaluate, resume, graph }, options, cleanup);
    return { training, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type ProgramOptions = Omit<FitOptions, keyof TrainOptionsInput>;

/** Options that only a program can give. */
const programOptions: Readonly<Record<keyof ProgramOptions, true>> = {
  model: true,
  stages: true,
  train: true,
  validation: true,
  evaluate: true,
  run: true,
  resume: true,
  graph: true,
  signal: true,
  cluster: true,
};

/** The options that are plain values; unknown ones are among them, so that they are refused. */
function plainOptions(options: FitOptions): TrainOptionsInput {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => !Object.hasOwn(programOptions, name)),
  );
}

/** Cleanup callbacks, run in reverse order. */
type Cleanup = (() => Promise<void> | void)[];

async function runInReverse(cleanup: Cleanup): Promise<void> {
  const failed: unknown[] = [];
  for (const callback of cleanup.toReversed()) {
    try {
      await callback();
    } catch (error) {
      failed.push(error); // the lock, acquired first and released last, must be released all the same
    }
  }
  if (failed.length > 0) throw failed[0];
}

type Parts = ProgramOptions & Required<Pick<ProgramOptions, 'evaluate' | 'resume' | 'graph'>>;

async function assemble(
  { model, stages, train: whole, validation, evaluate, run, resume, signal, graph, cluster }: Parts,
  options: TrainOptions & { readonly precision: Precision },
  cleanup: Cleanup,
): Promise<Training> {
  const acquired = run === undefined ? undefined : await acquireRun(run, { options, resume });
  if (acquired !== undefined) cleanup.push(() => acquired.lock.release());
  const synchronized = cluster !== undefined && options.synchronizedBatchNorm;
  const needsStatistics = !synchronized && namedWeights(model).some(({ trainable }) => !trainable);
  const train =
    cluster === undefined ? whole : partOfSource(whole, partOf(cluster, needsStatistics));
  const randomLayers = findRandomLayers(model);
  const taskLoss = createTaskLoss(train, options);
  const phases = openPhases({
    model,
    stages,
    options,
    taskLoss,
    // In a graph, a sum over the members would wait forever.
    graph: graph && !randomLayers.any && !synchronized,
  });
  cleanup.push(() => phases.dispose());
  const identity = runIdentity({
    options,
    train,
    optimizer: phases.current.optimizer,
    processes: cluster?.members.length,
  });
  if (cluster !== undefined)
    await requireAgreement(cluster, {
      ...options,
      ...identity,
      // Only member 0 writes checkpoints.
      checkpointEverySteps: undefined,
      checkpointEverySeconds: undefined,
      weights: weightShapes(model),
    });
  const own = acquired?.loaded?.checkpoint;
  const checkpoint = cluster === undefined ? own : await shareValue(cluster, own);
  const differences =
    checkpoint === undefined ? [] : compareIdentity(identity, checkpoint.identity);
  if (checkpoint !== undefined) {
    restoreWeights(model, checkpoint.weights);
    restoreKernelChoices(checkpoint.kernelChoices);
  }

  const progress = checkpoint?.progress ?? initialProgress;
  phases.enter(progress.epoch);
  const { firstEpoch, optimizer } = phases.current;
  const begins = progress.epoch === firstEpoch && progress.batch === 0;
  if (checkpoint?.optimizer !== undefined && !begins) optimizer.importState(checkpoint.optimizer);
  const isOver =
    (acquired ?? cluster) !== undefined && endReason(progress.history, options) !== null;
  const average =
    options.ema === undefined ? undefined : createMovingAverage(model, options.ema.decay);
  cleanup.push(() => average?.dispose());
  // A finished training ends with its average in the model.
  if (checkpoint?.trained !== undefined && !isOver) restoreWeights(model, checkpoint.trained);
  const logged =
    isOver && acquired !== undefined
      ? finalEvent(await readEvents(acquired.folder.file(runFiles.events)))
      : undefined;
  const ended = cluster === undefined ? logged : await shareValue(cluster, logged);
  const lost = acquired?.loaded === null && resume ? await lostSteps(acquired) : [];
  const recorder = await openRecorder(
    ended === undefined ? acquired : undefined,
    resume ? (checkpoint ?? null) : undefined,
  );
  cleanup.push(() => recorder.close());

  const plan: StepPlan = {
    gradientsOf: (batch, factor) => phases.current.gradients.of(batch, factor),
    taskLoss,
    prepare({ batch, number }) {
      const seed = (options.seed + (members?.seedOffset ?? 0)) % 2 ** 32;
      randomLayers.setStep(seed, number);
      return mixesImages(options) ? mixBatch(batch, options, { seed, number }) : batch;
    },
  };
  const members =
    cluster &&
    openMemberTraining(cluster, { model, phases, plan, source: train, synchronized, signal });
  if (members !== undefined) {
    cleanup.push(() => members.dispose());
    members.shareWeights();
  }
  const logits = createLogits(model, { graph, precision: options.precision });
  cleanup.push(() => logits.dispose());
  const checkpointer = createCheckpointer({
    model,
    phases,
    average,
    options,
    recorder,
    run: acquired,
    identity,
  });

  const opened = performance.now();
  return {
    options,
    train,
    validation,
    evaluate,
    signal,
    members,
    stopping: () => (members === undefined ? signal?.aborted === true : members.stopping()),
    learningRateOf: scheduledRate(options, stepsPerEpoch(train, options)),
    compute: (batches) =>
      members === undefined ? computeStep(batches, plan) : members.step(batches),
    folder: acquired?.folder,
    taskLoss,
    phases,
    average,
    logits,
    recorder,
    checkpointer,
    renewLock: () => acquired?.lock.renew() ?? Promise.resolve(),
    seconds: () => progress.seconds + (performance.now() - opened) / 1000,
    progress,
    warnings: [...lost, ...differences, ...resumeWarnings(acquired, randomLayers.unrepeatable)],
    warned: new Set(),
    ended,
  };
}

/** The warning for a run that was started before and has no checkpoint; none for a new run. */
async function lostSteps({ folder }: AcquiredRun): Promise<string[]> {
  const events = await readEvents(folder.file(runFiles.events));
  if (!events.some(({ type }) => type === 'start')) return [];
  const steps = events.findLast((event) => event.type === 'step')?.step ?? 0;
  return [
    `The run was interrupted before a checkpoint was written: training starts again at epoch 1${steps === 0 ? '' : `, and ${count(steps, 'step')} ${steps === 1 ? 'is' : 'are'} repeated`}.`,
  ];
}

function resumeWarnings(
  acquired: AcquiredRun | undefined,
  unrepeatable: readonly string[],
): string[] {
  if (acquired === undefined) return [];
  const warnings = (acquired.loaded?.skipped ?? []).map(
    ({ path, reason }) =>
      `The checkpoint ${path} is damaged (${reason}) and was skipped; an older one is used.`,
  );
  if (unrepeatable.length > 0)
    warnings.push(
      `A resumed run cannot repeat the random numbers of these layers: ${unrepeatable.join(', ')}.`,
    );
  return warnings;
}

/** The part of every batch that a member trains on: if it is normalized by itself, no single image, whose statistics mean little. */
const partOf = ({ members, member }: TrainingCluster, statistics: boolean): BatchPart => ({
  index: member,
  of: members.length,
  least: statistics ? 2 : 1,
});

const weightShapes = (model: LayersModel): Record<string, readonly number[]> =>
  Object.fromEntries(namedWeights(model).map(({ name, variable }) => [name, variable.shape]));
