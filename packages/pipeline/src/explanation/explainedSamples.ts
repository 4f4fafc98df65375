import { type DataOptions, type LoaderSample, openDataset } from '@nonlocal-med/data';
import { openRunData } from '../data/openRunData.js';
import { relabelSamples } from '../inference/relabelSamples.js';
import type { TrainedRun } from '../run/openTrainedRun.js';
import type { ProgressListener } from '../run/progressListener.js';
import { requireSameData } from '../run/requireSameData.js';

/** The images of a run's test side, or all images of another data set with the run's labels. */
export async function explainedSamples(
  { run, config, classes }: TrainedRun,
  {
    data,
    signal,
    onNote,
    onImages,
  }: ProgressListener & { data?: DataOptions; signal?: AbortSignal },
): Promise<readonly LoaderSample[]> {
  const opening = {
    signal,
    onProgress: (done: number, total: number) => onImages?.('checking images', done, total),
  };
  if (data === undefined) {
    const own = await openRunData(config, opening);
    requireSameData(run, own);
    return own.split.test;
  }
  const dataset = await openDataset({ ...data, ...opening });
  for (const note of dataset.notes) onNote?.(note);
  return relabelSamples(dataset, classes, data.path);
}
