import type { Issue } from '@nonlocal-med/core';
import { isPlainObject } from '@nonlocal-med/pipeline';
import { z } from 'zod';

const options = z.record(z.string(), z.unknown());
const result = z.tuple([z.number(), z.number()]);
const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]*$/i, 'letters, digits, ".", "_" and "-": it names a folder');

const rowSchema = z.strictObject({
  key: key.describe('Unique name of the row and of its folder.'),
  title: z.string().min(1).optional().describe('As the table shows it; default: the key.'),
  group: z.string().min(1).optional().describe('Heading that several rows stand under.'),
  baseline: z
    .string()
    .nullable()
    .optional()
    .describe('Key of the row it is compared with, null for none; default: the first row.'),
  options: options
    .prefault({})
    .describe('What differs from `base`, as in the config.yaml of a run.'),
  note: z.string().min(1).optional().describe('A footnote.'),
  published: z
    .strictObject({ AUC: result, SEN: result, ACC: result })
    .optional()
    .describe('Published mean and deviation, percent.'),
  reproduced: z.boolean().default(true).describe('False for a row that is quoted and not trained.'),
});

/** How often each row is trained, and how repeats differ (paper section 4.1: five repeats; the rest is open). */
const repeatsSchema = z
  .strictObject({
    kind: z
      .enum(['splits', 'seeds', 'folds'])
      .default('splits')
      .describe(
        'A new split and seed each, one split with several seeds, or folds of one division.',
      ),
    count: z.int().min(1).max(1000).default(5).describe('Repeats of each row (paper: 5).'),
    folds: z
      .int()
      .min(2)
      .max(1000)
      .optional()
      .describe("Folds of the division; default: 10, the paper's tenth."),
  })
  .prefault({});

/** Pre-trained weights of all rows: torchvision's, none, or a file for each backbone. */
const weightsSchema = z.union([z.enum(['imagenet', 'none']), z.record(z.string(), z.string())]);

/** An experiment: rows of a table, each what differs from a common base, and how often each is trained. */
export const experimentSchema = z.strictObject({
  name: key.optional().describe('Default: the name of the file.'),
  caption: z.string().default(''),
  base: options.prefault({}).describe('Options of all rows, as in the config.yaml of a run.'),
  weights: weightsSchema
    .default('none')
    .describe('"imagenet", "none", or a file for each backbone.'),
  repeats: repeatsSchema,
  rows: z.array(rowSchema).min(1),
  notes: z.array(z.string()).default([]).describe('Footnotes to the whole table.'),
});

/** An experiment as a file or a program gives it. */
export type ExperimentDefinition = z.input<typeof experimentSchema>;

/** An experiment with its defaults filled in. */
export type ResolvedExperiment = z.output<typeof experimentSchema>;

/** What is wrong with an experiment's rows beside their options. */
export function rowIssues(rows: ResolvedExperiment['rows']): Issue[] {
  const keys = rows.map(({ key }) => key);
  const trained = rows.filter(({ reproduced }) => reproduced).map(({ key }) => key);
  return rows
    .flatMap(({ key, baseline, reproduced, options }, index): Issue[] => {
      const where = `rows.${index}`;
      return [
        // Folders of one name differ in case on some file systems and not on others.
        ...(keys.slice(0, index).some((other) => other.toLowerCase() === key.toLowerCase())
          ? [
              {
                path: `${where}.key`,
                message: `"${key}" stands twice`,
                hint: 'a key of its own for every row',
              },
            ]
          : []),
        ...(typeof baseline === 'string' && (baseline === key || !keys.includes(baseline))
          ? [
              {
                path: `${where}.baseline`,
                message: `got "${baseline}"`,
                hint: `another row's key, or null: ${keys.filter((other) => other !== key).join(', ')}`,
              },
            ]
          : []),
        ...(isPlainObject(options) && ['seed', 'split', 'data'].some((name) => name in options)
          ? [
              {
                path: `${where}.options`,
                message: `sets ${['seed', 'split', 'data'].filter((name) => name in options).join(', ')}`,
                hint: 'set it in base: rows are compared on the same test images',
              },
            ]
          : []),
        ...(!reproduced && Object.keys(options).length > 0
          ? [
              {
                path: `${where}.options`,
                message: 'stands at a row that is not trained',
                hint: 'no options, or reproduced: true',
              },
            ]
          : []),
      ];
    })
    .concat(
      trained.length === 0
        ? [
            {
              path: 'rows',
              message: 'none of them is trained',
              hint: 'at least one row without reproduced: false',
            },
          ]
        : [],
    );
}
