import type { Issue } from '@nonlocal-med/core';
import { z } from 'zod';

const options = z.record(z.string(), z.unknown());
const result = z.tuple([z.number(), z.number()]);
const key = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_.-]*$/i,
    'letters, digits, ".", "_" and "-", because it is the name of a folder',
  );

const rowSchema = z.strictObject({
  key: key.describe('Unique name of the row and of its folder.'),
  title: z.string().min(1).optional().describe('Title in the table; default: the key.'),
  group: z.string().min(1).optional().describe('Heading above a group of rows.'),
  baseline: z
    .string()
    .nullable()
    .optional()
    .describe('Key of the row it is compared with, or null; default: the first row.'),
  options: options
    .prefault({})
    .describe('Options that differ from `base`, as in the config.yaml of a run.'),
  note: z.string().min(1).optional().describe('A footnote.'),
  published: z
    .strictObject({
      AUC: result.describe('[mean, standard deviation] of the AUC.'),
      SEN: result.describe('[mean, standard deviation] of the sensitivity.'),
      ACC: result.describe('[mean, standard deviation] of the accuracy.'),
      data: z
        .string()
        .min(1)
        .optional()
        .describe('Data set of the published results; with another data set they are not shown.'),
    })
    .optional()
    .describe('Published mean and standard deviation in percent.'),
  predictions: z
    .union([
      z
        .string()
        .min(1)
        .transform((file) => [file]),
      z.array(z.string().min(1)).min(1),
    ])
    .optional()
    .describe(
      'CSV file of predictions made elsewhere, or several, one per human reader: a row that is tested, not trained.',
    ),
  commonImages: z
    .boolean()
    .optional()
    .describe(
      'Accept predictions that lack test images or have others; the row is then compared on the common images.',
    ),
  reproduced: z
    .boolean()
    .default(true)
    .describe('Set to false for a row that is quoted, not trained.'),
});

/** Number and kind of the repeats of each row (the paper has five, and leaves the kind open; its section 4.1). */
const repeatsSchema = z
  .strictObject({
    kind: z
      .enum(['splits', 'seeds', 'folds', 'images'])
      .default('splits')
      .describe(
        'What repeats differ in. splits: a new split and seed for each; seeds: one split with several seeds; folds: cross-validation; images: new built-in synthetic images, split and seed for each.',
      ),
    count: z.int().min(1).max(1000).default(5).describe('Repeats of each row (paper: 5).'),
    folds: z
      .int()
      .min(2)
      .max(1000)
      .optional()
      .describe('Number of folds; default: 10, i.e. test sets of 10 % as in the paper.'),
  })
  .prefault({});

const weightsSchema = z.union([z.enum(['imagenet', 'none']), z.record(z.string(), z.string())]);

/** An experiment: the rows of a table, each a variation of common options, and how often each is trained. */
export const experimentSchema = z.strictObject({
  name: key.optional().describe('Default: the name of the file.'),
  caption: z.string().default('').describe('Caption of the table.'),
  base: options.prefault({}).describe('Options of all rows, as in the config.yaml of a run.'),
  weights: weightsSchema
    .default('none')
    .describe('Initial weights: "imagenet", "none", or a file for each backbone.'),
  repeats: repeatsSchema,
  rows: z.array(rowSchema).min(1).describe('The rows of the table, in order.'),
  ensembles: z
    .boolean()
    .optional()
    .describe('Add a row for the ensemble of the repeats of each row; repeats of kind seeds only.'),
  notes: z.array(z.string()).default([]).describe('Footnotes to the table.'),
});

/** Definition of an experiment, as in a YAML file. */
export type ExperimentDefinition = z.input<typeof experimentSchema>;

/** Definition of an experiment with its defaults filled in. */
export type ResolvedExperiment = z.output<typeof experimentSchema>;

/** Options that all rows must share, so that they are compared on the same test images. */
const SHARED_OPTIONS = ['seed', 'split', 'data'];

/** Issues of the rows of an experiment that the schema cannot express. Their options are checked elsewhere. */
export function rowIssues(rows: ResolvedExperiment['rows']): Issue[] {
  const issues: Issue[] = [];
  const keys = rows.map(({ key }) => key);
  for (const [index, { key, baseline, reproduced, predictions, options }] of rows.entries()) {
    const path = `rows.${index}`;
    // not all file systems distinguish upper and lower case
    const sameKey = (other: string): boolean => other.toLowerCase() === key.toLowerCase();
    if (keys.slice(0, index).some(sameKey))
      issues.push({
        path: `${path}.key`,
        message: `"${key}" is used by another row`,
        hint: 'a unique key for each row',
      });
    if (typeof baseline === 'string' && (baseline === key || !keys.includes(baseline)))
      issues.push({
        path: `${path}.baseline`,
        message: `got "${baseline}"`,
        hint: `the key of another row, or null: ${keys.filter((other) => other !== key).join(', ')}`,
      });
    const shared = SHARED_OPTIONS.filter((name) => name in options);
    if (shared.length > 0)
      issues.push({
        path: `${path}.options`,
        message: `sets ${shared.join(', ')}`,
        hint: 'set it in base: rows are compared on the same test images',
      });
    if (predictions !== undefined && Object.keys(options).length > 0)
      issues.push({
        path: `${path}.options`,
        message: 'has options, but its predictions were made elsewhere',
        hint: 'no options, or no predictions',
      });
    if (!reproduced && predictions !== undefined)
      issues.push({
        path: `${path}.reproduced`,
        message: 'is false, but the row has predictions, which are tested',
        hint: 'no predictions, or no reproduced',
      });
    if (!reproduced && Object.keys(options).length > 0)
      issues.push({
        path: `${path}.options`,
        message: 'has options, but is not trained',
        hint: 'no options, or reproduced: true',
      });
  }
  if (!rows.some(({ reproduced, predictions }) => reproduced && predictions === undefined))
    issues.push({
      path: 'rows',
      message: rows.some(({ predictions }) => predictions !== undefined)
        ? 'no row is trained'
        : 'every row has reproduced: false',
      hint: 'at least one row that is trained',
    });
  return issues;
}
