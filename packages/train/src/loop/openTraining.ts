import { InputError, type TrainingEvent } from '@nonlocal-med/core';
import { loadCheckpoint, type LoadedCheckpoint } from '../checkpoint/loadCheckpoint.js';
import { initialProgress } from '../checkpoint/trainingProgress.js';
import { evaluateClassifier } from '../evaluate/evaluateClassifier.js';
import { createAdam } from '../optimizer/createAdam.js';
import { resolveTrainOptions } from '../options/resolveTrainOptions.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import { lockRun } from '../run/lockRun.js';
import { readEvents } from '../run/readEvents.js';
import type { RunFolder } from '../run/runFolder.js';
import { runFiles } from '../run/runFiles.js';
import { seedLayers } from '../step/seedLayers.js';
import { namedWeights } from '../weights/namedWeights.js';
import { restoreWeights } from '../weights/restoreWeights.js';
import { checkFit } from './checkFit.js';
import { createCheckpointer } from './checkpointer.js';
import { endReason } from './endReason.js';
import type { FitOptions } from './fitOptions.js';
import { openRecorder } from './openRecorder.js';
import { openRun } from './openRun.js';
import { compareIdentity, runIdentity } from './runIdentity.js';
import { takeKernelChoices } from './takeKernelChoices.js';
import type { Training } from './training.js';

type Closers = (() => Promise<void> | void)[];

/** Checks everything, takes the run, and puts the model where its last checkpoint left it. */
export async function openTraining(fitOptions: FitOptions): Promise<{ training: Training; close: () => Promise<void> }> {
  const { model: _model, train: _train, validation: _validation, evaluate: _evaluate, run: _run, resume: _resume, signal: _signal, ...plain } = fitOptions;
  const options = resolveTrainOptions(plain);
  checkFit(fitOptions, options);
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    return { training: await assemble(fitOptions, options, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble({ model, train, validation, evaluate = evaluateClassifier, run: where, resume = false, signal }: FitOptions, options: TrainOptions, closers: Closers): Promise<Training> {
  const run = await openRun(where, { options, resume });
  const lock = run === undefined ? undefined : await lockRun(run.path);
  if (lock !== undefined) closers.push(() => lock.release());
  if (run !== undefined && !resume) await refuseBegunRun(run);

  const loaded = run !== undefined && resume ? await loadCheckpoint(run.file(runFiles.last)) : null;
  const checkpoint = loaded?.checkpoint;
  const weights = namedWeights(model).filter(({ trainable }) => trainable);
  if (checkpoint !== undefined) {
    restoreWeights(model, checkpoint.weights);
    takeKernelChoices(checkpoint.kernelChoices);
  }
  const optimizer = createAdam(weights, options.adam);
  closers.push(() => optimizer.dispose());
  const identity = runIdentity({ options, train, optimizer });
  const warnings = checkpoint === undefined ? [] : compareIdentity(identity, checkpoint.identity);
  if (checkpoint?.optimizer !== undefined) optimizer.importState(checkpoint.optimizer);

  const progress = checkpoint?.progress ?? initialProgress;
  const ended = run !== undefined && checkpoint !== undefined && endReason(progress.history, options) !== null ? await endOfLog(run) : undefined;
  const recorder = await openRecorder(ended === undefined ? run : undefined, resume ? (checkpoint ?? null) : undefined);
  closers.push(() => recorder.close());
  const randomLayers = seedLayers(model);
  const opened = performance.now();
  return {
    model,
    train,
    validation,
    evaluate,
    signal,
    options,
    weights,
    optimizer,
    randomLayers,
    recorder,
    checkpointer: createCheckpointer({ model, optimizer, options, recorder, run, identity }),
    renewLock: () => lock?.renew() ?? Promise.resolve(),
    seconds: () => progress.seconds + (performance.now() - opened) / 1000,
    progress,
    warnings: [...warnings, ...loadWarnings(loaded), ...resumeWarnings(randomLayers.unrepeatable, run)],
    ended,
    said: new Set(),
  };
}

async function refuseBegunRun(run: RunFolder): Promise<void> {
  const events = await readEvents(run.file(runFiles.events));
  if (!events.some(({ type }) => type === 'start')) return;
  const finished = (await endOfLog(run)) !== undefined;
  throw new InputError({ where: run.path, what: `holds a run that is ${finished ? 'finished' : 'begun'} already`, allowed: `${finished ? '' : 'resume it, or '}choose another folder` });
}

/** The log's last line, where it says that the run came to its end. */
async function endOfLog(run: RunFolder): Promise<TrainingEvent | undefined> {
  const last = (await readEvents(run.file(runFiles.events))).at(-1);
  return last?.type === 'end' && last.reason !== 'interrupted' ? last : undefined;
}

function loadWarnings(loaded: LoadedCheckpoint | null): string[] {
  return (loaded?.skipped ?? []).map(({ path, reason }) => `The checkpoint ${path} was passed over for an older one: ${reason}.`);
}

function resumeWarnings(layers: readonly string[], run: RunFolder | undefined): string[] {
  if (run === undefined || layers.length === 0) return [];
  return [`These layers draw random numbers that a resumed run cannot repeat: ${layers.join(', ')}.`];
}
