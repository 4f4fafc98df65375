import { z } from 'zod';
import { describingAttributes } from '../dicom/describingAttributes.js';
import { groupAttributes } from '../dicom/groupAttributes.js';
import { describeSeveralFindings, findingOptions } from '../findings/findingOptions.js';
import { givenSplitOptions } from './givenSplit/givenSplitOptions.js';

/** The kinds of data sets that `openDataset` reads, by their layout. */
export const datasetKinds = [
  'folder',
  'csv',
  'messidor',
  'messidor2',
  'covid19-radiography',
  'eyepacs',
  'aptos',
  'chestxray14',
  'chexpert',
] as const;

/** One of {@link datasetKinds}. */
export type DatasetKind = (typeof datasetKinds)[number];

const name = (description: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).optional().describe(description);

/** A class name; YAML makes numbers of 0 and 1, and booleans of true and false. */
const labelName = z
  .union([z.string().min(1), z.number(), z.boolean()])
  .transform((value) => String(value));

/** Every option of a data set, for the validation of a configuration; {@link DataOptions} is its input. */
export const dataOptionsSchema = z
  .strictObject({
    path: z.string().min(1).describe('Folder of the data set, or its CSV or Excel file.'),
    kind: z
      .enum(['auto', ...datasetKinds])
      .default('auto')
      .describe(
        'Layout: one folder per class, a CSV or Excel manifest, or a supported public data set in its original layout; auto detects it.',
      ),
    name: name('Name in tables; default: the last part of the path.'),
    csv: name(
      'CSV or Excel manifest, relative to the folder; required if the folder contains several.',
    ),
    images: name(
      "Folder that the manifest's paths are relative to, itself relative to the manifest; default: the manifest's folder, or images/ in it.",
    ),
    fileColumn: name(
      'Column with the image file; default: file, filename, image, image_id, id_code or path.',
    ),
    labelColumn: name(
      'Column with the label; default: label, class, grade, level, diagnosis or target.',
    ),
    task: z
      .enum(['multiclass', 'multilabel'])
      .optional()
      .describe(
        'What is learned about each image: its class (multiclass), or for each of several findings whether it is present (multilabel). Default: multilabel with labelColumns, labelSeparator or findings and for data sets that have findings, such as chestxray14 and chexpert; else multiclass.',
      ),
    ...findingOptions,
    groupColumn: name(
      `Column with the group whose images must stay in the same split; default: patient, patient_id, subject or subject_id, if present. For DICOM files, with or without a manifest: an attribute (${groupAttributes.join(', ')}); default: PatientID.`,
    ),
    maskColumn: name('Column with the lesion mask file; default: mask, if present.'),
    groupPattern: z
      .string()
      .optional()
      .refine(hasOneCaptureGroup, {
        error: 'must be a regular expression with exactly one capture group, such as ^(\\d{8})_',
      })
      .describe(
        'Regular expression with one capture group, applied to the file name, or to the path below the data set if it matches no file name or contains a slash; it captures the group (patient) of the image.',
      ),
    ...givenSplitOptions,
    attributes: z
      .array(z.string().min(1))
      .optional()
      .describe(
        `Columns of the manifest, or attributes of DICOM files (${describingAttributes.join(', ')}), that are kept with the predictions, so that results can be reported by subgroup; [] keeps none. Columns that may identify patients are refused. Default: sex, age, scanner, manufacturer, modality and view, where the data set has them.`,
      ),
    labelMap: z
      .record(z.string(), z.union([labelName, z.null()]))
      .optional()
      .describe(
        'Maps raw labels to class names; a range such as 1..4 covers all numbers in it; null excludes the images. For several findings per image it renames or joins findings, and null leaves a finding out; others keep their names.',
      ),
    labelThresholds: z
      .array(z.number())
      .min(1)
      .optional()
      .refine(
        (limits) =>
          limits === undefined || limits.every((limit, i) => i === 0 || limit > limits[i - 1]),
        { error: 'must be in ascending order' },
      )
      .describe(
        'Divides numeric labels into classes at these limits: [1] gives "below 1" and "1 and above".',
      ),
    classes: z
      .array(labelName)
      .min(2)
      .optional()
      .refine((names) => new Set(names).size === (names?.length ?? 0), {
        error: 'must not contain a name twice',
      })
      .describe(
        'Class names in the order of their indices; default: natural order of the names. With labelThresholds: the names of the classes.',
      ),
    ordered: z
      .boolean()
      .optional()
      .describe(
        'Whether the classes have an order, as grades do; only then quadratic kappa is reported. Default: true for numeric grades, labelThresholds, MESSIDOR, EyePACS and APTOS, else false.',
      ),
    label: z
      .enum(['dr4', 'dr5', 'dme3', 'dr-binary', 'dr-referable', 'dme-binary'])
      .optional()
      .describe(
        'For messidor and messidor2: the label to learn. Retinopathy grade (default: dr4; dr5 for messidor2), risk of macular edema, any retinopathy, grade 2 or higher, any edema.',
      ),
    errata: z
      .boolean()
      .optional()
      .describe(
        'For messidor: apply the four grades that its publishers corrected; default: true.',
      ),
    dedupe: z
      .boolean()
      .optional()
      .describe(
        'For messidor: leave out one image of each of the 13 duplicate pairs in Base33, default: true; false keeps both, in the same split.',
      ),
    pairs: name(
      'For messidor and messidor2: table of left and right images of one examination, relative to the folder; they stay in the same split. Default: that of messidor2, if present.',
    ),
    release: z
      .enum(['as-is', 'first'])
      .optional()
      .describe(
        'For covid19-radiography: first takes as many images as the first release had (219, 1,341, 1,345) from a later one; default: as-is.',
      ),
    view: z
      .enum(['frontal', 'lateral'])
      .optional()
      .describe('For chexpert: only the images of one view; default: both.'),
    bits: z
      .int()
      .min(8)
      .max(16)
      .optional()
      .describe(
        'Bits per value of the images, e.g. 12 for 12 bits in 16-bit files; default: what the files declare, else their largest value, rounded up to 10, 12, 14 or 16 bits. One scale for all images.',
      ),
    valueRange: z
      .tuple([z.number(), z.number()])
      .optional()
      .refine((range) => range === undefined || range[0] < range[1], {
        error: 'must be [black, white] with the smaller value first',
      })
      .describe(
        'The values that become black and white in images with more than 8 bits, e.g. [0, 1] or a CT window; values outside are clipped. Default for floating-point values: 0 to 1 if all lie in it, else their smallest and largest value.',
      ),
    window: z
      .union([z.int().min(1), z.enum(['file', 'percentile'])])
      .optional()
      .describe(
        'How DICOM images become levels: file (the default) takes the lookup table of each file, else its first window, else percentiles; a number one of several windows; percentile the percentiles 0.5 and 99.5 of each file. valueRange sets one window for all, e.g. in Hounsfield units.',
      ),
    keepNames: z
      .boolean()
      .optional()
      .describe(
        'Whether images in DICOM files are named by their files in run folders and reports, instead of by hashes that tell nobody who a patient is.',
      ),
    nearDuplicates: z
      .enum(['keep', 'join'])
      .default('keep')
      .describe(
        'Near duplicates (perceptual hash): join keeps them in the same split; keep only reports them in `data check`.',
      ),
    onBadImage: z
      .enum(['fail', 'skip'])
      .default('fail')
      .describe(
        'What to do with an image that cannot be read: fail with all issues, or skip it (skipped images are counted and listed).',
      ),
    workers: z
      .int()
      .min(0)
      .max(256)
      .optional()
      .describe('Threads that check images; 0 for the main thread; default: one per core.'),
    cacheFolder: z
      .string()
      .min(1)
      .nullable()
      .optional()
      .describe(
        "Folder that keeps the results of checking images, so that the next start is fast; null for none; default: the user's cache folder.",
      ),
  })
  .superRefine((options, context) => {
    const { groupColumn, groupPattern, labelMap, labelThresholds, classes } = options;
    const reject = (option: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [option], message });
    if (options.splitColumn !== undefined && options.splitFile !== undefined)
      reject('splitFile', 'splitFile and splitColumn are mutually exclusive');
    if (options.splitColumn !== undefined && options.givenSplit === 'ignore')
      reject('givenSplit', 'splitColumn names the column of the split, and givenSplit ignores it');
    if (groupColumn !== undefined && groupPattern !== undefined)
      reject('groupPattern', 'groupPattern and groupColumn are mutually exclusive');
    if (labelMap !== undefined && labelThresholds !== undefined)
      reject('labelThresholds', 'labelThresholds and labelMap are mutually exclusive');
    if (options.bits !== undefined && options.valueRange !== undefined)
      reject('valueRange', 'valueRange and bits are mutually exclusive');
    if (options.window !== undefined && (options.bits ?? options.valueRange) !== undefined)
      reject('window', 'window and bits or valueRange are mutually exclusive');
    if (options.labelColumns !== undefined && options.labelColumn !== undefined)
      reject('labelColumns', 'labelColumns and labelColumn are mutually exclusive');
    if (describeSeveralFindings(options))
      for (const option of ['labelThresholds', 'classes', 'ordered'] as const)
        if (options[option] !== undefined)
          reject(option, 'does not apply to several findings per image (task multilabel)');
    const classCount = (labelThresholds?.length ?? 0) + 1;
    if (labelThresholds !== undefined && classes !== undefined && classes.length !== classCount)
      reject(
        'classes',
        `has ${classes.length} names, but ${labelThresholds.length} labelThresholds give ${classCount} classes`,
      );
  })
  .describe('Which images to learn from, and their labels.');

/** Options of `openDataset`: the input of {@link dataOptionsSchema}. */
export type DataOptions = z.input<typeof dataOptionsSchema>;
export type ResolvedDataOptions = z.output<typeof dataOptionsSchema>;

function hasOneCaptureGroup(pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(`${pattern}|`, 'u').exec('')!.length === 2;
  } catch {
    return false;
  }
}
