import { InputError } from '@nonlocal-med/core';
import type { ExperimentRecord, ExperimentRunRecord } from '../experiment/readExperimentFolder.js';
import type { RunRecord } from '../run/readRun.js';
import { viewCounts, type ViewsChoice } from '../run/viewPredictions.js';
import { systemRun } from './systemRecord.js';

/** Key of the row of a row's runs with test-time augmentation. */
export const viewsKey = (row: string, views: ViewsChoice): string => `${row}-${views}`;

/** Title of such a row. */
const titleOf = (title: string, views: ViewsChoice): string =>
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
      hint: `train with --tta ${views}, or \`eval evaluate RUN --tta ${views} --predictions FILE.csv\` and compare FILE.csv`,
    });
  return systemRun({
    name: titleOf(title, views),
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

/**
 * An experiment with a row for each row's runs with test-time augmentation, below that row and compared with it in every
 * repeat. Runs that were not tested with these views are listed as missing; without any, a note says so.
 */
export function withViews(record: ExperimentRecord, views: ViewsChoice): ExperimentRecord {
  const { manifest, runs } = record;
  const intervals = manifest.repeats.count === 1;
  const of = (row: { readonly key: string; readonly title: string }): ExperimentRunRecord[] =>
    runs
      .filter(({ row: key, run }) => key === row.key && run?.system === undefined)
      .map((entry): ExperimentRunRecord => {
        const own = { ...entry, row: viewsKey(row.key, views) };
        if (entry.state !== 'finished' || entry.run === null) return { ...own, run: null };
        return entry.run.views?.[views] === undefined
          ? { ...own, state: 'missing', reason: `not tested with ${views}`, run: null }
          : { ...own, run: viewsRun(entry.run, views, { title: row.title, intervals }) };
      });
  const added = new Map(
    manifest.rows.flatMap((row) => {
      const entries = of(row);
      return entries.some(({ run }) => run?.system !== undefined) ? [[row.key, entries]] : [];
    }),
  );
  const notes = added.size > 0 ? [] : [`No rows with ${views}: no run was tested with them.`];
  return {
    ...record,
    manifest: {
      ...manifest,
      notes: [...manifest.notes, ...notes],
      rows: manifest.rows.flatMap((row) => {
        if (!added.has(row.key)) return [row];
        const key = viewsKey(row.key, views);
        const title = titleOf(row.title, views);
        return [row, { key, title, group: row.group, baseline: row.key, reproduced: true }];
      }),
    },
    runs: [...runs, ...[...added.values()].flat()],
  };
}
