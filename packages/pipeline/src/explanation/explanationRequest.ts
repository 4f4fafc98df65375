import {
  type ClassesOf,
  classIssues,
  mapIssues,
  type MappedModel,
  readClasses,
  resolveMaps,
} from '@nonlocal-med/classifier';
import {
  type Issue,
  type SaliencyMap,
  type SaliencyMethod,
  saliencyMethods,
  schemaIssues,
  throwIssues,
} from '@nonlocal-med/core';
import { z } from 'zod';

const pixels = z.number().min(0);

/** What can be explained of a model, and for which images. */
export const explanationRequestSchema = z.object({
  methods: z
    .array(z.enum(Object.keys(saliencyMethods) as SaliencyMethod[]))
    .min(1)
    .readonly()
    .optional()
    .describe('Methods of the maps; default: those that find small lesions best.'),
  layers: z
    .array(z.string())
    .min(1)
    .readonly()
    .optional()
    .describe('Layers that the maps belong to; default: the usual ones of each method.'),
  classes: z
    .array(z.string())
    .min(1)
    .readonly()
    .default(['predicted'])
    .describe('Classes or findings to explain: `predicted`, `true`, `all`, or their names.'),
  images: z
    .union([z.literal('all'), z.int().min(0), z.array(z.string()).readonly()], {
      error: '"all", a number of images, or a list of ids',
    })
    .default(40)
    .describe('All images, a number of images in proportion to the classes, or ids.'),
  curves: z
    .object({
      step: z
        .int()
        .min(1)
        .optional()
        .describe('Pixels changed per step; default: 2 % of the image.'),
    })
    .optional()
    .describe('Compute deletion and insertion curves.'),
  attentionAt: z
    .object({ x: pixels, y: pixels })
    .optional()
    .describe("A pixel of the model's input whose non-local attention is shown."),
  tolerance: pixels
    .optional()
    .describe('Distance from a lesion, in pixels, at which the pointing game counts a hit.'),
});

/** Options of an explanation; see {@link explanationRequestSchema} for their meaning and defaults. */
export type ExplanationOptions = z.input<typeof explanationRequestSchema>;

/** A checked explanation request. */
export interface ExplanationRequest extends Omit<
  z.output<typeof explanationRequestSchema>,
  'methods' | 'layers' | 'classes'
> {
  /** The default first. */
  readonly maps: readonly SaliencyMap[];
  readonly classesOf: ClassesOf;
}

/** The model that a request is checked against. */
export interface ExplainedModel extends MappedModel {
  readonly classes: readonly string[];
  /** Input size in pixels. */
  readonly size: readonly [height: number, width: number];
}

/**
 * Checks an explanation request against the model to explain, and fills in the defaults.
 * @throws InputError with every issue of methods, layers, classes and numbers.
 */
export function parseExplanationRequest(
  options: ExplanationOptions,
  explained: ExplainedModel,
): ExplanationRequest {
  const schema = explanationRequestSchema;
  const result = schema.safeParse(options);
  const { classes = ['predicted'] } = options;
  throwIssues([
    ...mapIssues(explained, options),
    ...classIssues(classes, { known: explained.classes }),
    ...(result.success ? [] : schemaIssues(result.error, { schema, input: options })),
    ...(options.attentionAt === undefined ? [] : attentionIssues(explained, options.attentionAt)),
  ]);
  const { methods, layers, ...request } = result.data!;
  const maps = resolveMaps(explained.model, { methods, layers });
  return { ...request, maps, classesOf: readClasses(classes, explained.classes) };
}

function attentionIssues(
  { model, name, size: [height, width] }: ExplainedModel,
  { x, y }: { readonly x: number; readonly y: number },
): Issue[] {
  const path = 'attentionAt';
  const outside: Issue[] =
    x < width && y < height
      ? []
      : [
          {
            path,
            message: `pixel (${x}, ${y}) is outside the input of the model`,
            hint: `x from 0 to ${width - 1}, y from 0 to ${height - 1}`,
          },
        ];
  const layer = model.layers.find((candidate) => candidate.name === 'nam');
  if (layer === undefined) {
    const hint = 'a model with one, such as resnet18-nla';
    return [...outside, { path, message: `${name} has no non-local attention module`, hint }];
  }
  const { mode = 'softmax' } = layer.getConfig() as { mode?: string };
  if (['softmax', 'gaussian'].includes(mode)) return outside;
  const message = `the weights of attention mode ${mode} do not sum to 1`;
  return [...outside, { path, message, hint: 'a model with mode softmax or gaussian' }];
}
