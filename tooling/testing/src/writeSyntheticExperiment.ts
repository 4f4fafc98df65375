import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { paperResult, paperTableNotes } from '@nonlocal-med/experiment';
import {
  experimentFiles,
  type ExperimentManifest,
  type ExperimentRow,
  type RepeatKind,
} from '@nonlocal-med/runs';
import type { SyntheticModel } from './syntheticPredictions.js';
import { writeSyntheticRun } from './writeSyntheticRun.js';

/** A made-up experiment: skill of each row's model, repeats, and what is not finished. */
export interface SyntheticExperiment {
  readonly skills: Readonly<Record<string, number>>;
  readonly kind?: RepeatKind;
  readonly repeats?: number;
  readonly selected?: boolean;
  readonly images?: number;
  readonly classes?: SyntheticModel['classes'];
  /** `row/repeat` to its state. */
  readonly unfinished?: Readonly<Record<string, 'missing' | 'interrupted' | 'trained'>>;
}

/** Writes an experiment's folder; rows are compared with the first one, and stand beside the paper's Table 2 on MESSIDOR. */
export async function writeSyntheticExperiment(
  folder: string,
  {
    skills,
    kind = 'splits',
    repeats = 5,
    selected = true,
    unfinished = {},
    ...drawn
  }: SyntheticExperiment,
): Promise<ExperimentManifest> {
  const [first] = Object.keys(skills);
  const rows = [...Object.keys(skills), 'hynet'].map((key): ExperimentRow => {
    const { published, reproduced = true, note } = paperResult('table2', 'messidor', key) ?? {};
    return {
      key,
      title: key,
      baseline: key === first || !reproduced ? null : first,
      published,
      reproduced,
      note,
    };
  });
  const runs = Object.keys(skills).flatMap((row) =>
    Array.from({ length: repeats }, (_, repeat) => ({
      row,
      repeat,
      folder: `runs/${row}/${repeat}`,
    })),
  );
  const manifest: ExperimentManifest = {
    format: 1,
    name: 'table2',
    caption: 'Comparison',
    data: 'drawn',
    repeats: { kind, count: repeats },
    rows,
    runs,
    notes: paperTableNotes('table2', 'messidor'),
  };
  await writeAtomic(
    join(folder, experimentFiles.manifest),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
  for (const [index, { row, repeat, folder: run }] of runs.entries()) {
    const until = unfinished[`${row}/${repeat}`];
    if (until === 'missing') continue;
    await writeSyntheticRun(join(folder, run), {
      ...drawn,
      model: row,
      skill: skills[row],
      split: kind === 'seeds' ? 0 : repeat,
      seed: index,
      selected,
      until,
    });
  }
  return manifest;
}
