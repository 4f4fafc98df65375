import { count } from '@nonlocal-med/core';
import {
  damagedResults,
  openRunFolder,
  readImageRecord,
  readRunMetrics,
  writeImageRecord,
} from '@nonlocal-med/runs';
import { readRunConfig } from '../config/parseRunConfig.js';
import { requireDataPath } from '../data/requireDataPath.js';
import { openRunData, requireSameData } from '../data/runData.js';
import { recordImages } from '../seen/imageRecord.js';
import { completeRun, type RunOutcome, trainRun } from './completeRun.js';
import { createResumedModel } from './createRunModel.js';
import { settleLastBatch } from './lastBatch.js';
import { checkMoreEpochs, setEpochs } from './moreEpochs.js';
import { meetMembers, requireSameRun, settleParts } from './runCluster.js';
import { useRunEngine } from './runEngine.js';
import type { ResumeRunOptions } from './startRun.js';

/**
 * Resumes a run that was stopped or killed at any moment. On the same machine and backend it ends with the same weights,
 * bit for bit, as an uninterrupted run. With more `epochs`, a finished run continues and ends as one that was started for them. A run that was trained but not tested, or whose results are damaged, is only tested; of a complete one the recorded results are returned.
 * @throws InputError if the folder does not contain a run, its images or pre-trained weights have changed, or its schedule or
 * early stopping does not allow other `epochs`.
 * @throws UnavailableError if another process is training the run, or its backend is not available.
 */
export async function resumeRun({
  folder,
  signal,
  loader,
  known,
  epochs: wanted,
  cluster: together,
  ...listener
}: ResumeRunOptions): Promise<RunOutcome> {
  const run = await openRunFolder(folder);
  const more =
    wanted === undefined
      ? undefined
      : await checkMoreEpochs(run, readRunConfig(run, undefined, known), wanted);
  const { state, epochs } = await run.status();
  const metrics = state === 'finished' ? await readRunMetrics(run.path) : null;
  const damaged = metrics === null || more !== undefined ? [] : await damagedResults(run.path);
  if (damaged.length > 0)
    listener.onNote?.(
      `${damaged.length === 1 ? 'A result is' : `${damaged.length} results are`} not as the run wrote ${damaged.length === 1 ? 'it' : 'them'} (${damaged.join(', ')}): the run is tested again.`,
    );
  else if (metrics !== null && more === undefined) {
    listener.onNote?.(
      `The run is complete (${count(epochs, 'epoch')}, tested): nothing is left to train or test.`,
    );
    return { folder: run.path, reason: 'finished', metrics };
  }
  const recorded = readRunConfig(run, listener.onNote, known);
  const config =
    more === undefined
      ? recorded
      : { ...recorded, training: { ...recorded.training, epochs: more } };
  const { note } = await useRunEngine(run, config, { cluster: together });
  if (note !== undefined) listener.onNote?.(note);
  const cluster = await meetMembers(together, { signal, ...listener });

  await requireDataPath(run, config);
  const data = await openRunData(config, {
    signal,
    onProgress: (done, total) => listener.onImages?.('checking images', done, total),
  });
  requireSameData(run, data);
  const writes = together === undefined || together.member === 0;
  if (writes && (await readImageRecord(run.path)) === null)
    await writeImageRecord(run.path, recordImages(data));
  const model = await createResumedModel(run, config, {
    outputs: data.dataset,
    onProgress: listener.onNote,
  });
  try {
    const trainingImages = data.split.train.length;
    const settled = settleLastBatch(config, { model, trainingImages });
    if (settled.note !== undefined) listener.onNote?.(settled.note);
    if (state === 'new')
      listener.onNote?.('The run had not begun to train: training starts at epoch 1.');
    for (const note of settleParts(settled.config, model, cluster)) listener.onNote?.(note);
    await requireSameRun(cluster, { config: settled.config, data });
    const open = {
      config: { ...settled.config, loader: { ...config.loader, ...loader } },
      data,
      model,
      signal,
      listener,
      cluster,
    };
    return writes
      ? await completeRun({ ...open, run: more === undefined ? run : await setEpochs(run, more) })
      : { folder: run.path, reason: await trainRun(open) };
  } finally {
    model.dispose();
  }
}
