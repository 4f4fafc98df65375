import { count } from '@nonlocal-med/core';
import { averagePredictions } from '@nonlocal-med/metrics';
import type { ExperimentRow } from '../experiment/experimentManifest.js';
import type { ExperimentRecord, ExperimentRunRecord } from '../experiment/readExperimentFolder.js';
import type { RunRecord } from '../run/readRun.js';
import { systemRun } from './systemRecord.js';

/** Key of the row of an ensemble. */
export const ensembleKey = (row: string): string => `${row}-ensemble`;

/**
 * The ensemble of tested runs as a tested run: the mean of their probabilities for each test image.
 * @param runs with the same test images
 * @throws InputError if their classes or test images differ
 */
export function ensembleRun(runs: readonly RunRecord[], name: string): RunRecord {
  const [first] = runs;
  const selected = runs.flatMap(({ predictions }) => predictions.selected ?? []);
  return systemRun({
    name,
    system: {
      kind: 'ensemble',
      sources: runs.map(({ path }) => ({ path })),
      readers: [],
      missing: 0,
      additional: 0,
      notes: [`Mean of the probabilities of ${count(runs.length, 'run')}.`],
    },
    predictions: {
      last: averagePredictions(runs.map(({ predictions }) => predictions.last!)),
      selected: selected.length === runs.length ? averagePredictions(selected) : null,
    },
    reference: first,
  });
}

/**
 * An experiment with a row for the ensemble of each row's repeats, below that row and compared with its single models.
 * Only repeats with one common test set have an ensemble: with other splits or folds, the test images of one repeat are
 * training images of others, and with new images they have none in common, which a note says.
 */
export function withEnsembles(record: ExperimentRecord): ExperimentRecord {
  const { manifest, runs } = record;
  if (manifest.repeats.kind !== 'seeds')
    return withNote(
      record,
      `No ensembles: each ${manifest.repeats.kind === 'folds' ? 'fold' : 'repeat'} has its own test images${manifest.repeats.kind === 'images' ? '' : ', on which others were trained'}. Ensembles can be tested on images that no repeat has seen (evaluate --data), or in an experiment with repeats of kind seeds.`,
    );
  const added = manifest.rows.flatMap(
    (row): { row: ExperimentRow; runs: ExperimentRunRecord[] }[] => {
      const members = runs.filter(
        ({ row: key, state, run }) =>
          key === row.key && state === 'finished' && run !== null && run.system === undefined,
      );
      if (members.length < 2) return [];
      const title = `${row.title}, ensemble of ${members.length}`;
      const key = ensembleKey(row.key);
      const run = ensembleRun(
        members.map((member) => member.run!),
        title,
      );
      return [
        {
          row: { key, title, group: row.group, baseline: row.key, reproduced: true },
          runs: members.map(({ repeat, folder }) => ({
            row: key,
            repeat,
            folder,
            state: 'finished',
            run,
          })),
        },
      ];
    },
  );
  if (added.length === 0) return withNote(record, 'No ensembles: no row has two finished repeats.');
  return {
    ...record,
    manifest: {
      ...manifest,
      rows: manifest.rows.flatMap((row) => [
        row,
        ...added.flatMap((one) => (one.row.baseline === row.key ? [one.row] : [])),
      ]),
    },
    runs: [...runs, ...added.flatMap((one) => one.runs)],
  };
}

const withNote = (record: ExperimentRecord, note: string): ExperimentRecord => ({
  ...record,
  manifest: { ...record.manifest, notes: [...record.manifest.notes, note] },
});
