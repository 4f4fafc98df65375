import type { Task } from '@nonlocal-med/core';
import type {
  AttentionMode,
  AttentionResidual,
  AttentionSubsampling,
  FusionOperator,
} from '@nonlocal-med/nonlocal';
import { z } from 'zod';

/** What a model is built from. Every model has some of these options; `modelOptionsSchema(name)` lists them. */
export interface ModelOptions {
  /** Number of classes, at least 2, or of findings. */
  readonly classes: number;
  /** Size of the input in pixels: one number for a square, or [height, width]. Without it the model takes any size. */
  readonly inputSize?: number | readonly [height: number, width: number];
  /** Seed of the initial weights; default 0. */
  readonly seed?: number;
  /** Turns the logits into probabilities, by a softmax, or a sigmoid for the task `multilabel`; default false. */
  readonly probabilities?: boolean;
  /** Whether the outputs are one of several classes (`multiclass`, the default), or several findings (`multilabel`). */
  readonly task?: Task;
  /** Global average pooling (default) or flattening before the classifier. */
  readonly head?: 'gap' | 'flatten';

  /** Width of ShuffleNetV2: 0.5, 1 (default), 1.5 or 2. */
  readonly width?: number;

  /** The map that the attention module reads: before the pooling, after it, or an encoder's (default `e1`). */
  readonly namAt?: 'conv1' | 'stem' | 'e1' | 'e2' | 'e3' | 'e4';
  /** The map that is joined with encoder 4 where there is no attention module (default `e2`). */
  readonly fuseAt?: 'conv1' | 'stem' | 'e1' | 'e2' | 'e3';
  /** Which maps are encoders 1 to 4 (docs/specification.md, section 2.5); default `layers`. */
  readonly encoderStages?: 'layers' | 'stem' | 'conv5';
  /** How the attention module compares a pair of positions; default `softmax`. */
  readonly mode?: AttentionMode;
  /** Factor on the dot products; default 1. */
  readonly scale?: 1 | 'inverse-sqrt';
  /** What is added to the attention map inside the module; default `none`. */
  readonly residual?: AttentionResidual;
  /** Where keys and values are pooled 2 x 2; default `none`. */
  readonly subSample?: AttentionSubsampling;
  /** Attention in series: x + NAM(x) (default), or NAM(x) alone. */
  readonly seriesMode?: 'add' | 'replace';
  /** Operators that resize the attention map to encoder 4. */
  readonly fusion?: readonly FusionOperator[];
  /** Bins of the average and maximum pooling in the fusion; default `adaptive`. */
  readonly pools?: 'adaptive' | 'plain';

  /** SE and CBAM: C / reduction hidden units; default 16. */
  readonly reduction?: number;
  /** SE: biases in the gate; default true. */
  readonly useBias?: boolean;

  /** Non-local blocks: how a pair of positions is compared; default `embedded`. */
  readonly pairwise?: 'gaussian' | 'embedded' | 'dot' | 'concat';
  /** Residual blocks that a non-local block follows; default `layer2.1` and `layer3.1`. */
  readonly placement?: readonly string[];
  /** Non-local blocks: batch normalization after the last convolution; default true. */
  readonly batchNorm?: boolean;

  /** The authors' head (default), or the criss-cross attention alone. */
  readonly ccnet?: 'head' | 'inline';
  /** Passes of the criss-cross attention; default 2. */
  readonly recurrence?: number;
  /** Rate of the channel dropout in the authors' head; default 0.1. */
  readonly dropout?: number;
}

/** Checked options: with defaults, and the input size as a pair. */
export type ResolvedModelOptions = Omit<Required<ModelOptions>, 'inputSize' | 'task' | 'width'> & {
  readonly width: 0.5 | 1 | 1.5 | 2;
  readonly inputSize?: readonly [height: number, width: number];
  readonly task?: Task;
};

/** Schemas of some options. */
export type OptionFields = {
  readonly [Name in keyof ModelOptions]?: z.ZodType<ResolvedModelOptions[Name]>;
};

/** One of some values; numbers may come as text ("0.5"), as command lines give them. */
export function choice<const Values extends readonly (string | number)[]>(
  ...values: Values
): z.ZodType<Values[number]> {
  return z.preprocess(
    (value) => values.find((candidate) => String(candidate) === value) ?? value,
    z.literal(values),
  );
}

/** A list of one or more different values. */
export function listOf<const Values extends readonly string[]>(
  ...values: Values
): z.ZodArray<z.ZodEnum<{ [Value in Values[number]]: Value }>> {
  return z
    .array(z.enum(values))
    .min(1)
    .refine((items) => new Set(items).size === items.length, {
      error: `different values of ${values.join(', ')}`,
    });
}

/** Smallest input: ResNet18 and ShuffleNetV2 reduce it 32 times. */
const pixels = z.int().min(32);

/** Options of every model. */
export const generalOptions = {
  classes: z.int().min(1).max(100_000).describe('Number of classes, or of findings.'),
  inputSize: z
    .union(
      [pixels.transform((size) => [size, size] as const), z.tuple([pixels, pixels]).readonly()],
      { error: 'an integer of at least 32, or [height, width]' },
    )
    .optional()
    .describe('Size of the input in pixels, one number or [height, width]; default: any size.'),
  seed: z.int().min(0).default(0).describe('Seed of the initial weights.'),
  probabilities: z
    .boolean()
    .default(false)
    .describe('Append a softmax to the logits, or a sigmoid for the task "multilabel".'),
  task: z
    .enum(['multiclass', 'multilabel'])
    .optional()
    .describe('One of several classes per image, or several findings; default: multiclass.'),
} satisfies OptionFields;

/** The step from the last feature map to the classifier (docs/specification.md, section 0). */
export const headOptions = {
  head: z
    .enum(['gap', 'flatten'])
    .default('gap')
    .describe('Global average pooling or flattening before the classifier.'),
} satisfies OptionFields;

/** Options of the non-local attention module (docs/specification.md, section 3.1). */
export const attentionOptions = {
  namAt: z
    .enum(['conv1', 'stem', 'e1', 'e2', 'e3', 'e4'])
    .default('e1')
    .describe(
      "Feature map that the attention reads: before the pooling, after it, or an encoder's.",
    ),
  mode: z
    .enum(['softmax', 'gaussian', 'dot', 'concat'])
    .default('softmax')
    .describe('How a pair of positions is compared.'),
  scale: choice(1, 'inverse-sqrt').default(1).describe('Factor on the dot products.'),
  residual: z
    .enum(['none', 'add', 'gamma'])
    .default('none')
    .describe('What is added inside the attention module.'),
  subSample: z
    .enum(['none', 'input', 'projection'])
    .default('none')
    .describe('Where keys and values are pooled 2 x 2.'),
} satisfies OptionFields;

/** The schema of a model: these fields and no others, and the combinations that have no meaning are refused. */
export function modelSchema(fields: OptionFields): z.ZodObject {
  type Options = Partial<ResolvedModelOptions>;
  const when = ({ value }: { value: unknown }): boolean => typeof value === 'object';
  return z
    .strictObject(fields as z.ZodRawShape)
    .refine(({ classes, task }: Options) => classes !== 1 || task === 'multilabel', {
      path: ['classes'],
      error: 'at least 2',
      when,
    })
    .refine(({ head, inputSize }: Options) => head !== 'flatten' || inputSize !== undefined, {
      path: ['head'],
      error: '"gap", unless inputSize is given',
      when,
    })
    .refine(({ head, ccnet }: Options) => head !== 'flatten' || ccnet !== 'head', {
      path: ['head'],
      error: '"gap", unless ccnet is "inline"',
      when,
    })
    .refine(
      ({ mode, pairwise, scale = 1 }: Options) =>
        scale === 1 || (mode !== 'concat' && pairwise !== 'concat'),
      { path: ['scale'], error: '1, since concatenation has no dot products', when },
    );
}
