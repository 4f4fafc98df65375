import { count, InputError } from '@nonlocal-med/core';
import type { ExperimentRow } from './experimentManifest.js';
import type { ExperimentRecord, ExperimentRunRecord } from './readExperimentFolder.js';
import { repeatName, trainedRows } from './trainedRows.js';

/**
 * Cross-validations (or other repeats) of one model each as the rows of one experiment: all are compared with the first, in
 * every repeat.
 * @param records experiments with one trained row, with the same repeats on the same test images
 * @param names titles of the rows, one per experiment
 * @throws InputError for an experiment with several rows, or with other repeats or test images than the first
 */
export function combineExperiments(
  records: readonly ExperimentRecord[],
  names: readonly string[],
): ExperimentRecord {
  const [first, ...others] = records;
  const rows = records.map(onlyRow);
  for (const record of others) requireSameRepeats(record, first);
  const keyOf = (index: number): string => `${index + 1}-${rows[index].key}`;
  const runs = records.flatMap((record, i) =>
    record.runs
      .filter(({ row }) => row === rows[i].key)
      .map((run): ExperimentRunRecord => ({
        ...run,
        row: keyOf(i),
        folder: `${record.path}/${run.folder}`,
      })),
  );
  return {
    path: first.path,
    manifest: {
      ...first.manifest,
      caption: `Comparison of ${names.join(', ')}`,
      rows: rows.map((row, i) => ({
        ...row,
        key: keyOf(i),
        title: names[i],
        group: undefined,
        baseline: i === 0 ? null : keyOf(0),
      })),
      runs: runs.map(({ row, repeat, folder }) => ({ row, repeat, folder })),
      notes: [...new Set(records.flatMap(({ manifest }) => manifest.notes))],
    },
    runs,
  };
}

function onlyRow(record: ExperimentRecord): ExperimentRow {
  const trained = trainedRows(record);
  if (trained.length === 1) return trained[0];
  throw new InputError({
    path: record.path,
    message: `has ${count(trained.length, 'trained row')}, and experiments are compared with each other only where each has one`,
    hint: 'one experiment file with all rows (docs/experiments.md), whose table compares them',
  });
}

function requireSameRepeats(record: ExperimentRecord, first: ExperimentRecord): void {
  const [own, theirs] = [record, first].map(({ manifest: { repeats } }) => repeats);
  if (own.kind !== theirs.kind || own.count !== theirs.count)
    throw new InputError({
      path: record.path,
      message: `has ${count(own.count, 'repeat')} of kind ${own.kind}`,
      hint: `those of ${first.path}, to compare them one by one: ${theirs.count} of kind ${theirs.kind}`,
    });
  for (const { repeat, run } of record.runs) {
    const other = first.runs.find((entry) => entry.repeat === repeat)?.run;
    const ids = run?.predictions.last?.ids;
    const expected = new Set(other?.predictions.last?.ids);
    if (ids === undefined || expected.size === 0) continue;
    const common = ids.filter((id) => expected.has(id)).length;
    if (common < ids.length || common < expected.size)
      throw new InputError({
        path: record.path,
        message: `was tested on other images than ${first.path}: of the ${count(ids.length, 'test image')} of ${repeatName(own, repeat)}, ${common} are the same`,
        hint: 'the same data set, the same number of folds and the same --seed for both',
      });
  }
}
