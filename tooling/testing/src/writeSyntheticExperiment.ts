import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { SyntheticModel } from './syntheticPredictions.js';
import { writeSyntheticRun } from './writeSyntheticRun.js';

/** A synthetic experiment: the skill of each row's model, the repeats, and the runs that are not finished. */
export interface SyntheticExperiment {
  readonly skills: Readonly<Record<string, number>>;
  readonly kind?: 'splits' | 'seeds' | 'folds' | 'images';
  /** With folds: whether they hold each of twice as many images once, as a cross-validation; default false. */
  readonly complete?: boolean;
  readonly repeats?: number;
  readonly selected?: boolean;
  /** Whether the runs have operating points; default false. */
  readonly decided?: boolean;
  readonly images?: number;
  readonly classes?: SyntheticModel['classes'];
  readonly findings?: SyntheticModel['findings'];
  readonly imagesPerPatient?: number;
  /** State by `row/repeat`. */
  readonly unfinished?: Readonly<Record<string, 'missing' | 'interrupted' | 'trained'>>;
}

/** Rows of the paper's Table 2 on MESSIDOR: mean and standard deviation, percent. Tests compare with these numbers. */
const published: Readonly<Record<string, SyntheticRow['published']>> = {
  resnet18: { AUC: [92.09, 1.39], SEN: [76.5, 2.59], ACC: [90.51, 1.21] },
  'resnet18-se': { AUC: [93.48, 1.34], SEN: [78.21, 2.59], ACC: [91.32, 1.2] },
  'resnet18-nla': { AUC: [95.39, 0.94], SEN: [80.94, 1.84], ACC: [92.48, 0.91] },
  hynet: { AUC: [94.17, 1.03], SEN: [80.31, 1.62], ACC: [91.92, 0.88] },
};

const footnotes: Readonly<Record<string, string>> = {
  resnet18: "The paper's Table 1 gives this row's SEN as 77.50 ± 2.59.",
  'resnet18-nla': "The paper's Table 1 gives this row's ACC as 95.62 ± 0.60.",
  hynet: 'Reported by the paper, not reproduced.',
};

interface SyntheticRow {
  readonly key: string;
  readonly title: string;
  readonly baseline: string | null;
  readonly published?: Readonly<
    Record<'AUC' | 'SEN' | 'ACC', readonly [mean: number, standardDeviation: number]>
  >;
  readonly reproduced: boolean;
  readonly note?: string;
}

/** Content of `experiment.json`. */
interface SyntheticManifest {
  readonly format: 1;
  readonly name: string;
  readonly caption: string;
  readonly data: string;
  readonly repeats: {
    readonly kind: 'splits' | 'seeds' | 'folds' | 'images';
    readonly count: number;
  };
  readonly rows: readonly SyntheticRow[];
  readonly runs: readonly {
    readonly row: string;
    readonly repeat: number;
    readonly folder: string;
  }[];
  readonly notes: readonly string[];
}

/**
 * Writes an experiment's folder. Rows are compared with the first one; published numbers are those of the paper's Table 2
 * on MESSIDOR. File names are literals here, so that tests notice when the format on disk changes.
 */
export async function writeSyntheticExperiment(
  folder: string,
  {
    skills,
    kind = 'splits',
    complete = false,
    repeats = 5,
    selected = true,
    unfinished = {},
    ...model
  }: SyntheticExperiment,
): Promise<SyntheticManifest> {
  const [first] = Object.keys(skills);
  const rows = [...Object.keys(skills), 'hynet'].map((key): SyntheticRow => {
    const reproduced = key !== 'hynet';
    return {
      key,
      title: key,
      baseline: key === first || !reproduced ? null : first,
      published: published[key],
      reproduced,
      note: footnotes[key],
    };
  });
  const runs = Object.keys(skills).flatMap((row) =>
    Array.from({ length: repeats }, (_, repeat) => ({
      row,
      repeat,
      folder: `runs/${row}/${repeat}`,
    })),
  );
  const manifest: SyntheticManifest = {
    format: 1,
    name: 'table2',
    caption: 'Comparison',
    data: 'drawn',
    repeats: { kind, count: repeats },
    rows,
    runs,
    notes: ['The paper does not report how its ACC and SEN are averaged.'],
  };
  await writeAtomic(join(folder, 'experiment.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [index, { row, repeat, folder: run }] of runs.entries()) {
    const until = unfinished[`${row}/${repeat}`];
    if (until === 'missing') continue;
    await writeSyntheticRun(join(folder, run), {
      ...model,
      model: row,
      skill: skills[row],
      split: kind === 'seeds' ? 0 : repeat,
      ...(complete ? { fold: { index: repeat, of: repeats } } : {}),
      seed: index,
      selected,
      until,
    });
  }
  return manifest;
}
