import type { TrainingEvent } from '@nonlocal-med/core';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import { kernelChoices } from '@nonlocal-med/tensor';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { loadCheckpoint } from '../checkpoint/loadCheckpoint.js';
import { saveCheckpoint } from '../checkpoint/saveCheckpoint.js';
import type { TrainingProgress } from '../checkpoint/trainingProgress.js';
import type { Optimizer } from '../optimizer/optimizer.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import { liveWeights } from '../weights/liveWeights.js';
import { snapshotWeights } from '../weights/readWeights.js';
import { restoreWeights } from '../weights/restoreWeights.js';
import type { Recorder } from './openRecorder.js';
import type { Events } from './training.js';

/** Decides when a run's state is written, and keeps the best weights. */
export interface Checkpointer {
  isDue(progress: TrainingProgress): boolean;
  /** Writes the best weights if they are new, then the state to go on from; nothing without a run's folder or when it is written already. After the `final` one older ones are removed. */
  write(progress: TrainingProgress, options?: { readonly final?: boolean }): Events;
  /** Keeps the present weights as the best ones. */
  rememberBest(progress: TrainingProgress): Promise<void>;
  /** Puts the weights of an epoch that was the best back into the model. */
  restoreBest(epoch: number): Promise<void>;
}

/** What {@link createCheckpointer} needs. */
export interface CheckpointerContext {
  readonly model: LayersModel;
  readonly optimizer: Optimizer;
  readonly options: TrainOptions;
  readonly recorder: Recorder;
  readonly run?: RunFolder;
  readonly identity: Checkpoint['identity'];
}

/**
 * The best weights are written together with the next state, before it: a state on disk never speaks of best weights
 * that are not there, and a run that is killed in between repeats the epoch and finds the same best again.
 */
export function createCheckpointer({
  model,
  optimizer,
  options,
  recorder,
  run,
  identity,
}: CheckpointerContext): Checkpointer {
  let writtenAt = performance.now();
  let written: TrainingProgress | undefined;
  let best: Checkpoint | undefined;

  const writeBest = async function* (folder: RunFolder): Events {
    if (best === undefined) return;
    const { progress } = best;
    await saveCheckpoint(folder.file(runFiles.best), best, { keep: 1 });
    best = undefined;
    yield await recorder.record(checkpointEvent('best', progress));
  };

  return {
    isDue({ step }) {
      const { checkpointEverySteps = Infinity, checkpointEverySeconds } = options;
      return (
        step % checkpointEverySteps === 0 ||
        performance.now() - writtenAt >= checkpointEverySeconds * 1000
      );
    },
    async *write(progress, { final = false } = {}) {
      if (run === undefined || progress === written) return;
      yield* writeBest(run);
      yield await recorder.recordCheckpoint(checkpointEvent('last', progress), (log) =>
        saveCheckpoint(
          run.file(runFiles.last),
          {
            weights: liveWeights(model),
            optimizer: optimizer.state(),
            progress,
            identity,
            kernelChoices: kernelChoices(),
            log,
          },
          { keep: final ? 1 : 2 },
        ),
      );
      writtenAt = performance.now();
      written = progress;
    },
    async rememberBest(progress) {
      best = {
        weights: await snapshotWeights(model),
        progress,
        identity,
        kernelChoices: kernelChoices(),
      };
    },
    async restoreBest(epoch) {
      const kept =
        best ??
        (run === undefined
          ? undefined
          : (await loadCheckpoint(run.file(runFiles.best)))?.checkpoint);
      if (kept?.progress.epoch !== epoch)
        throw new Error(
          `The best weights are those of epoch ${epoch}; kept are those of epoch ${kept?.progress.epoch}.`,
        );
      restoreWeights(model, kept.weights);
    },
  };
}

/** Step events count the epoch in work from 1; a checkpoint tells the epochs that are done. */
function checkpointEvent(kind: 'last' | 'best', { epoch, step }: TrainingProgress): TrainingEvent {
  return { type: 'checkpoint', epoch, step, kind, path: runFiles[kind] };
}
