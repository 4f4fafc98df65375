import { z } from 'zod';
import { datasetKinds } from './datasetKinds.js';

const column = (what: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).optional().describe(what);

/** Every option of a data set, for a program's configuration gate; {@link DataOptions} is what it takes. */
export const dataOptionsSchema = z
  .strictObject({
    path: z.string().min(1).describe('Folder of the data set, or its CSV file.'),
    kind: z
      .enum(['auto', ...datasetKinds])
      .default('auto')
      .describe(
        'Layout: one folder a class, a CSV manifest, or a public data set as it is handed out; auto looks at the path.',
      ),
    name: z.string().min(1).optional().describe("Name in tables; default: the path's last part."),
    csv: z
      .string()
      .min(1)
      .optional()
      .describe('CSV manifest, relative to the folder; needed where it holds several.'),
    images: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder that the manifest's paths start from, relative to the manifest; default: the manifest's own folder, or images/ in it.",
      ),
    fileColumn: column(
      'Column with the image file; default: file, filename, image, image_id, id_code or path.',
    ),
    labelColumn: column(
      'Column with the label; default: label, class, grade, level, diagnosis or target.',
    ),
    groupColumn: column(
      'Column with what must stay on one side of a split; default: patient, patient_id, subject or subject_id where there is one.',
    ),
    maskColumn: column('Column with the lesion mask file; default: mask where there is one.'),
    groupPattern: z
      .string()
      .optional()
      .refine(isOneGroupPattern, {
        error: 'must be a regular expression with exactly one capture group, such as ^(\\d{8})_',
      })
      .describe(
        "Regular expression with one capture group, applied to the file's name: the group (patient) of the image.",
      ),
    labelMap: z
      .record(z.string(), z.union([z.string().min(1), z.null()]))
      .optional()
      .describe(
        'Raw label to class name; a range such as 1..4 takes whole numbers in it; null leaves the images out.',
      ),
    labelThresholds: z
      .array(z.number())
      .min(1)
      .optional()
      .refine(
        (limits) =>
          limits === undefined || limits.every((limit, i) => i === 0 || limit > limits[i - 1]),
        { error: 'must ascend' },
      )
      .describe(
        'Numeric labels become classes at these limits: [1] makes "below 1" and "1 and above".',
      ),
    classes: z
      .array(z.string().min(1))
      .min(2)
      .optional()
      .refine((names) => new Set(names).size === (names?.length ?? 0), {
        error: 'must not repeat a name',
      })
      .describe(
        'Class names in the order of their indices; default: natural order of the names. With labelThresholds: the names of the classes.',
      ),
    label: z
      .enum(['dr4', 'dr5', 'dme3', 'dr-binary', 'dr-referable', 'dme-binary'])
      .optional()
      .describe(
        'messidor, messidor2: what is learned. Retinopathy grade (default: dr4, and dr5 for messidor2), risk of macular edema, retinopathy at all, grade 2 and above, edema at all.',
      ),
    errata: z
      .boolean()
      .optional()
      .describe('messidor: set the four grades that its publishers corrected; default: true.'),
    dedupe: z
      .boolean()
      .optional()
      .describe(
        'messidor: leave out one image of each of the 13 duplicate pairs in Base33, default: true; false keeps both, on one side of a split.',
      ),
    pairs: z
      .string()
      .min(1)
      .optional()
      .describe(
        "messidor, messidor2: table of left and right images of one examination, relative to the folder; they stay on one side of a split. Default: messidor2's own where it is there.",
      ),
    release: z
      .enum(['as-is', 'first'])
      .optional()
      .describe(
        'covid19-radiography: first takes as many images as the first release had (219, 1,341, 1,345) from a later one; default: as-is.',
      ),
    nearDuplicates: z
      .enum(['keep', 'join'])
      .default('keep')
      .describe(
        'join: images that show nearly the same (perceptual hash) stay on one side of a split; keep: `data check` reports them.',
      ),
    onBadImage: z
      .enum(['fail', 'skip'])
      .default('fail')
      .describe(
        'What an image that cannot be read does: stop with all issues, or be left out, counted and listed.',
      ),
    workers: z
      .int()
      .min(0)
      .max(256)
      .optional()
      .describe('Threads that check images; 0: the main thread; default: one a core.'),
    cacheFolder: z
      .string()
      .min(1)
      .nullable()
      .optional()
      .describe(
        "Where results of checking images are kept, so that the next start is quick; null: nowhere; default: the user's cache folder.",
      ),
  })
  .superRefine(({ groupColumn, groupPattern, labelMap, labelThresholds, classes }, context) => {
    if (groupColumn !== undefined && groupPattern !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['groupPattern'],
        message: 'stands beside groupColumn: give one of them',
      });
    if (labelMap !== undefined && labelThresholds !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['labelThresholds'],
        message: 'stands beside labelMap: give one of them',
      });
    if (
      labelThresholds !== undefined &&
      classes !== undefined &&
      classes.length !== labelThresholds.length + 1
    ) {
      context.addIssue({
        code: 'custom',
        path: ['classes'],
        message: `has ${classes.length} names where ${labelThresholds.length} labelThresholds make ${labelThresholds.length + 1} classes`,
      });
    }
  })
  .describe('Which images to learn from, and what they are called.');

export type DataOptions = z.input<typeof dataOptionsSchema>;
export type ResolvedDataOptions = z.output<typeof dataOptionsSchema>;

function isOneGroupPattern(pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(`${pattern}|`, 'u').exec('')!.length === 2;
  } catch {
    return false;
  }
}
