import { z } from 'zod';
import type { ExperimentManifest } from './experimentManifest.js';

const name = z.string().min(1);
const published = z.tuple([z.number(), z.number()]);

const row = z.object({
  key: name,
  title: name,
  group: z.string().optional(),
  baseline: z.string().nullable(),
  published: z.object({ AUC: published, SEN: published, ACC: published }).optional(),
  reproduced: z.boolean(),
  note: z.string().optional(),
});

const run = z.object({
  row: z.string(),
  repeat: z.int().min(0),
  folder: name.refine(
    (folder) =>
      !folder.startsWith('/') && !folder.includes('\\') && !folder.split('/').includes('..'),
    'a path inside the experiment, relative to it, with forward slashes',
  ),
});

/** `experiment.json`; its rows and runs must belong together. */
export const experimentSchema: z.ZodType<ExperimentManifest> = z
  .object({
    format: z.literal(1),
    name,
    caption: z.string(),
    data: z.string(),
    repeats: z.object({
      kind: z.enum(['splits', 'seeds', 'folds']),
      count: z.int().min(1),
      folds: z.int().min(2).optional(),
    }),
    rows: z.array(row).min(1),
    runs: z.array(run),
    notes: z.array(z.string()),
  })
  .check(({ value: { rows, runs, repeats }, issues }) => {
    const keys = rows.map(({ key }) => key);
    const refuse = (path: PropertyKey[], message: string, input: unknown): unknown =>
      issues.push({ code: 'custom', path, message, input });
    keys.forEach(
      (key, i) =>
        keys.indexOf(key) === i || refuse(['rows', i, 'key'], 'a key that no other row has', key),
    );
    rows.forEach(
      ({ key, baseline }, i) =>
        baseline === null ||
        (baseline !== key && keys.includes(baseline)) ||
        refuse(
          ['rows', i, 'baseline'],
          `null or the key of another row: ${keys.join(', ')}`,
          baseline,
        ),
    );
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
      if (seen.has(cell)) refuse(['runs', i], 'one run for a row and a repeat', entry);
      seen.add(cell);
    });
  });
