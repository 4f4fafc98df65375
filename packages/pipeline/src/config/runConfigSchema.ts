import { preprocessingSchema } from '@nonlocal-med/data/image';
import { dataOptionsSchema, splitOptionsSchema } from '@nonlocal-med/data/options';
import { trainOptionsSchema } from '@nonlocal-med/train/options';
import { z } from 'zod';
import { decisionSchema } from '../decision/decisionSchema.js';
import { augmentationSchema, syntheticSchema } from './imageSchemas.js';
import { testSchema } from './testSchema.js';

/** The network. Options that depend on the model are given next to its name. */
const modelSchema = z
  .looseObject({
    name: z
      .string()
      .min(1)
      .default('resnet18-nla')
      .describe('Name of a model, as listed by `models`.'),
    weights: z
      .string()
      .min(1)
      .optional()
      .describe('Pre-trained weights: a .pth or .safetensors file, or "imagenet".'),
  })
  .describe('The network and its options.');

const loaderSchema = z
  .strictObject({
    workers: z
      .int()
      .min(0)
      .max(64)
      .optional()
      .describe(
        'Threads that prepare batches; 0 uses the main thread; default: all cores but one, at most 4.',
      ),
    prefetch: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe('Maximum number of batches prepared ahead.'),
    cacheFolder: z
      .string()
      .min(1)
      .optional()
      .describe('Folder in which prepared images are kept between runs; default: in memory.'),
    cacheMegabytes: z.number().min(0).optional().describe('Memory for prepared images, in MiB.'),
  })
  .describe('How images are loaded. Does not affect results.');

const engineSchema = z
  .strictObject({
    backend: z
      .enum(['auto', 'native', 'wasm'])
      .default('auto')
      .describe(
        'Native TensorFlow, WebAssembly, or (auto) native if installed and WebAssembly otherwise.',
      ),
    device: z
      .enum(['auto', 'cpu', 'cuda'])
      .default('auto')
      .describe('Device of native TensorFlow.'),
    threads: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .describe(
        'Threads of native TensorFlow; default: one per core. Affects the last bits of results.',
      ),
    kernels: z
      .enum(['measured', 'fixed'])
      .default('measured')
      .describe(
        'Choice between equivalent TensorFlow kernels: the fastest, measured once per machine, or a fixed order. Affects the last bits of results.',
      ),
    graph: z
      .boolean()
      .default(true)
      .describe(
        'Run each step and batch as one TensorFlow graph: 10 to 30 % faster, with identical results.',
      ),
  })
  .describe('The compute backend.');

const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

const splitSchema = splitOptionsSchema.extend({
  seed: seed
    .optional()
    .describe(
      'Seed of the split; default: the seed of the run. Set it to train several seeds on one split.',
    ),
});

const trainingSchema = trainOptionsSchema
  .omit({ seed: true })
  .extend({
    batchSize: z.int().min(1).max(4096).default(4).describe('Images per step (paper: 4).'),
    dropLast: z
      .boolean()
      .optional()
      .describe(
        'Leave out a last batch with fewer images; default: only if it is one image too small for batch normalization.',
      ),
    balancedLoss: z
      .boolean()
      .default(false)
      .describe(
        'Weight classes in the loss by their inverse frequency in the training set; of findings, positive labels by negatives / positives.',
      ),
    balancedSampling: z
      .boolean()
      .default(false)
      .describe(
        'Train on equally many images of each class: those of rare classes come several times in an epoch, those of frequent classes in some epochs only.',
      ),
    watchAttention: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        'Validation images on which the attention of the model is measured after every epoch: its entropy and, where lesion masks are known, how much of it lesions receive; 0 for none.',
      ),
  })
  .describe('How the model is trained.');

const explanationsSchema = z
  .strictObject({
    images: z
      .int()
      .min(0)
      .default(24)
      .describe(
        'Test images that a run explains by itself: the most confident errors and images of each class; 0 for none.',
      ),
    seconds: z
      .number()
      .min(0)
      .default(60)
      .describe(
        'Time budget: images that are left when it is over are not explained, which the run records.',
      ),
  })
  .describe('Saliency maps that a run computes after its test, for its page.');

const sections = {
  split: splitSchema.prefault({}),
  preprocessing: preprocessingSchema.prefault({}),
  augmentation: augmentationSchema,
  model: modelSchema.prefault({}),
  training: trainingSchema.prefault({}),
  decision: decisionSchema.prefault({}),
  test: testSchema.prefault({}),
  explanations: explanationsSchema.prefault({}),
  loader: loaderSchema.prefault({}),
  engine: engineSchema.prefault({}),
  seed: seed
    .default(0)
    .describe(
      'Determines split, order, augmentation and initial weights, each from its own random stream.',
    ),
};

/** Options of a run on images from disk. */
export const diskRunSchema = z.strictObject({ data: dataOptionsSchema, ...sections });

/** Options of a run on the built-in synthetic images. */
export const syntheticRunSchema = z.strictObject({
  data: syntheticSchema,
  ...sections,
  augmentation: sections.augmentation.prefault('fundus'),
});

/** Everything that determines the result of a run, with all defaults filled in. */
export type RunConfig = Omit<z.output<typeof diskRunSchema>, 'data'> & {
  data: z.output<typeof dataOptionsSchema> | z.output<typeof syntheticSchema>;
};
