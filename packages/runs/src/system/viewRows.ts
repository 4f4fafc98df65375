import type { ViewsChoice } from '@nonlocal-med/core';
import type { ExperimentRecord, ExperimentRunRecord } from '../experiment/readExperimentFolder.js';
import { viewsRun, viewsTitle } from './viewsRun.js';

/** Key of the row of a row's runs with test-time augmentation. */
export const viewsKey = (row: string, views: ViewsChoice): string => `${row}-${views}`;

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
        const title = viewsTitle(row.title, views);
        return [row, { key, title, group: row.group, baseline: row.key, reproduced: true }];
      }),
    },
    runs: [...runs, ...[...added.values()].flat()],
  };
}
