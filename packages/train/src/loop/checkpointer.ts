import type { TrainingEvent } from '@nonlocal-med/core';
import { runFiles, type RunFolder, type RunLock } from '@nonlocal-med/runs';
import { kernelChoices } from '@nonlocal-med/tensor';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint, TrainingProgress } from '../checkpoint/checkpoint.js';
import { loadCheckpoint } from '../checkpoint/loadCheckpoint.js';
import { saveCheckpoint } from '../checkpoint/saveCheckpoint.js';
import type { MovingAverage } from '../movingAverage.js';
import type { TrainOptions } from '../trainOptions.js';
import { type LiveWeights, liveWeights, readWeights, restoreWeights } from '../weights.js';
import type { Phases } from './phases.js';
import type { Recorder } from './recorder.js';
import type { Events } from './training.js';

/** Decides when a run's state is written, and keeps the best weights. */
export interface Checkpointer {
  isDue(progress: TrainingProgress): boolean;
  /**
   * Writes the best weights if they are new, then the state from which to resume. Does nothing without a run folder, or
   * when that progress is already written. After the `final` checkpoint, older ones are removed.
   */
  write(progress: TrainingProgress, options?: { readonly final?: boolean }): Events;
  /** Keeps the current weights, or their average, as the best ones. */
  rememberBest(progress: TrainingProgress): Promise<void>;
  /** Puts the weights of the best epoch back into the model. */
  restoreBest(epoch: number): Promise<void>;
}

/** What {@link createCheckpointer} needs. */
export interface CheckpointerContext {
  readonly model: LayersModel;
  readonly phases: Pick<Phases, 'current'>;
  /** Where the training averages its weights. */
  readonly average?: MovingAverage;
  readonly options: TrainOptions;
  readonly recorder: Recorder;
  readonly run?: { readonly folder: RunFolder; readonly lock: RunLock };
  readonly identity: Checkpoint['identity'];
}

/**
 * The best weights are written together with the next state, before it: a state on disk never refers to best weights that
 * are missing, and a run that is killed in between repeats the epoch and finds the same best weights again.
 */
export function createCheckpointer({
  model,
  phases,
  average,
  options,
  recorder,
  run,
  identity,
}: CheckpointerContext): Checkpointer {
  /** The weights that are validated and tested. */
  const usedWeights = (): LiveWeights => average?.weights() ?? liveWeights(model);
  let writtenAt = performance.now();
  let written: TrainingProgress | undefined;
  let best: Checkpoint | undefined;

  const writeBest = async function* (folder: RunFolder): Events {
    if (best === undefined) return;
    const { progress } = best;
    await saveCheckpoint(folder.file(runFiles.best), best, {
      keep: 1,
      resumesFrom: folder.file(runFiles.last),
    });
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
      await run.lock.check();
      yield* writeBest(run.folder);
      yield await recorder.recordCheckpoint(checkpointEvent('last', progress), (log) =>
        saveCheckpoint(
          run.folder.file(runFiles.last),
          {
            weights: usedWeights(),
            trained: average === undefined ? undefined : liveWeights(model),
            optimizer: phases.current.optimizer.state(),
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
        weights: await readWeights(usedWeights()),
        progress,
        identity,
        kernelChoices: kernelChoices(),
      };
    },
    async restoreBest(epoch) {
      const kept =
        best ?? (run && (await loadCheckpoint(run.folder.file(runFiles.best)))?.checkpoint);
      if (kept?.progress.epoch !== epoch)
        throw new Error(
          `The best epoch is ${epoch}, but the kept weights are from epoch ${kept?.progress.epoch}.`,
        );
      restoreWeights(model, kept.weights);
    },
  };
}

/** Events of steps count the current epoch from 1; a checkpoint reports the number of finished epochs. */
function checkpointEvent(kind: 'last' | 'best', { epoch, step }: TrainingProgress): TrainingEvent {
  return { type: 'checkpoint', epoch, step, kind, path: runFiles[kind] };
}
