import { InputError, type ViewsChoice } from '@nonlocal-med/core';
import type { RunRecord } from '../run/readRun.js';
import { viewCounts } from '../run/viewPredictions.js';
import { systemRun } from './systemRecord.js';

/** Title of a row of runs with test-time augmentation. */
export const viewsTitle = (title: string, views: ViewsChoice): string =>
  `${title}, ${views === 'flips' ? 'flips' : 'D4'} averaged`;

/**
 * A tested run with test-time augmentation as a tested run: the mean of its probabilities over views of each test image.
 * @param options intervals: compute an interval of every metric
 * @throws InputError if the run was not tested with these views
 */
export function viewsRun(
  run: RunRecord,
  views: ViewsChoice,
  { title = run.name, intervals }: { readonly title?: string; readonly intervals?: boolean } = {},
): RunRecord {
  const predictions = run.views?.[views];
  if (predictions === undefined)
    throw new InputError({
      path: run.path,
      message: `was not tested with ${views}`,
      hint: `train with --tta ${views}, or \`evaluate RUN --tta ${views} --predictions FILE.csv\` and compare FILE.csv`,
    });
  return systemRun({
    name: viewsTitle(title, views),
    system: {
      kind: 'views',
      sources: [{ path: run.path }],
      readers: [],
      missing: 0,
      additional: 0,
      notes: [
        `Mean of the probabilities over ${viewCounts[views]} views of each image (${views}), which takes the network ${viewCounts[views]} times as long.`,
      ],
    },
    predictions,
    reference: run,
    intervals,
  });
}
