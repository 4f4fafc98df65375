import { viewsChoices } from '@nonlocal-med/core';
import { z } from 'zod';
import { type Immutable, relativePath } from '../schemaParts.js';

const name = z.string().min(1);
const meanAndStandardDeviation = z.tuple([z.number(), z.number()]);

const row = z.object({
  /** Unique in the experiment, and the name of the row's folder: `resnet18-nla`. */
  key: name,
  /** As the table shows it: "ResNet18 + NAM + DB + NVCF". */
  title: name,
  /** Heading shared by several rows, such as the backbone. */
  group: z.string().optional(),
  /** Key of the row that this one is compared with; null for a row that others are compared with. */
  baseline: z.string().nullable(),
  /** Published results: mean and standard deviation over repeats, percent. */
  published: z
    .object({
      AUC: meanAndStandardDeviation,
      SEN: meanAndStandardDeviation,
      ACC: meanAndStandardDeviation,
    })
    .optional(),
  /** False for a row that is quoted and not trained (HyNet): it has no runs. */
  reproduced: z.boolean(),
  /**
   * Files of predictions that were made elsewhere, relative to the experiment; several are the readers of a reader study.
   * The row then has no runs.
   */
  predictions: z.array(relativePath('the experiment')).min(1).optional(),
  /** Whether these predictions may lack test images, or have others. */
  commonImages: z.boolean().optional(),
  /** A footnote. */
  note: z.string().optional(),
});

const run = z.object({
  /** Key of the row. */
  row: z.string(),
  /** 0, 1, ... */
  repeat: z.int().min(0),
  /** Folder of the run, relative to the experiment's, with forward slashes. */
  folder: relativePath('the experiment'),
});

const fields = z.object({
  format: z.literal(1),
  /** `table1`, or the name of the definition's file. */
  name,
  caption: z.string(),
  /** Name of the data set. */
  data: z.string(),
  repeats: z.object({
    /**
     * How repeats differ. `splits`: each has another split and seed. `seeds`: one split, several seeds. `folds`: repeat r
     * is tested on fold r. `images`: each has new synthetic images, split and seed.
     */
    kind: z.enum(['splits', 'seeds', 'folds', 'images']),
    count: z.int().min(1),
    folds: z.int().min(2).optional(),
  }),
  rows: z.array(row).min(1),
  runs: z.array(run),
  /** Whether the table has a row for the ensemble of each row's repeats. */
  ensembles: z.boolean().optional(),
  /** Views of the test images with which the table has further rows. */
  tta: z.enum(viewsChoices).optional(),
  /** Footnotes to the whole table, such as contradictions between the paper's tables. */
  notes: z.array(z.string()),
});

/** `experiment.json`; its rows and runs must fit together. */
export const experimentManifestSchema = fields.check(
  ({ value: { rows, runs, repeats }, issues }) => {
    const keys = rows.map(({ key }) => key);
    const refuse = (path: PropertyKey[], message: string, input: unknown): void => {
      issues.push({ code: 'custom', path, message, input });
    };
    rows.forEach(({ key }, i) => {
      if (keys.indexOf(key) !== i) refuse(['rows', i, 'key'], 'a key that no other row has', key);
    });
    rows.forEach(({ key, baseline }, i) => {
      if (baseline !== null && (baseline === key || !keys.includes(baseline)))
        refuse(
          ['rows', i, 'baseline'],
          `null or the key of another row: ${keys.join(', ')}`,
          baseline,
        );
    });
    const seen = new Set<string>();
    runs.forEach((entry, i) => {
      if (!keys.includes(entry.row))
        refuse(['runs', i, 'row'], `the key of a row: ${keys.join(', ')}`, entry.row);
      if (entry.repeat >= repeats.count)
        refuse(
          ['runs', i, 'repeat'],
          `below the number of repeats, ${repeats.count}`,
          entry.repeat,
        );
      const cell = `${entry.row} ${entry.repeat}`;
      if (seen.has(cell)) refuse(['runs', i], 'one run per row and repeat', entry);
      seen.add(cell);
    });
  },
);

/** Content of an experiment's `experiment.json`: the rows of its table and the runs that fill it. */
export type ExperimentManifest = Immutable<z.output<typeof fields>>;

/** One row of an experiment's table: a model with its options. */
export type ExperimentRow = ExperimentManifest['rows'][number];

/** One run of an experiment: a row in one repeat. */
export type ExperimentRun = ExperimentManifest['runs'][number];

/** How repeats differ: see {@link ExperimentManifest}. */
export type RepeatKind = ExperimentManifest['repeats']['kind'];

/** Published results of a row: mean and standard deviation over repeats, percent. */
export type PublishedResult = NonNullable<ExperimentRow['published']>;
