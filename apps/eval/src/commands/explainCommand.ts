import { parseOptions, type SaliencyMethod, wrapText } from '@nonlocal-med/core';
import { explainRun, type ImageChoice } from '@nonlocal-med/pipeline';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  resolveUserPath,
  splitList,
} from '@nonlocal-med/terminal';
import { z } from 'zod';
import type { ExplainOptions } from '../explainOptions.js';
import { explanationText } from '../explanationText.js';
import { resolveOptionalPath } from '../options.js';

/** `explain`: saliency maps of a run on its test images, compared with lesion masks. */
export function explainCommand({ signal }: CommandContext) {
  return async (run: string, options: ExplainOptions): Promise<void> => {
    const { images, step, attentionAt, tolerance } = parseFlags(options);
    const display = createProgressDisplay();
    const { data, labelColumn, maskColumn, layers, classes, weights, engine, json } = options;
    const explanation = await explainRun({
      folder: resolveUserPath(run),
      weights,
      engine,
      signal,
      onNote: (text) => display.line(wrapText(text)),
      onImages: display.stage,
      // Unknown names are reported with all other issues.
      methods: options.method as SaliencyMethod[] | undefined,
      layers,
      classes,
      masks: resolveOptionalPath(options.masks),
      out: resolveOptionalPath(options.out),
      data:
        data === undefined ? undefined : { path: resolveUserPath(data), labelColumn, maskColumn },
      images,
      curves: options.curves && { step },
      attentionAt,
      tolerance,
    });
    if (json === undefined) return void process.stdout.write(explanationText(explanation));
    const { folder, index, summary } = explanation;
    emitJson({ folder, images: index.images.length, weights: index.weights, layers: summary });
  };
}

interface Flags {
  readonly images?: ImageChoice;
  readonly step?: number;
  readonly attentionAt?: { readonly x: number; readonly y: number };
  readonly tolerance?: number;
}

/**
 * Converts the text of flags to values.
 * @throws InputError with all issues together.
 */
function parseFlags({ curves, data, ...options }: ExplainOptions): Flags {
  const text = z.string();
  const schema = z.object({
    '--attention-at': pixel.optional(),
    '--step': (curves === undefined ? onlyWith('--curves') : positiveInteger).optional(),
    '--tolerance': pixelCount.optional(),
    '--images': imageChoice.optional(),
    '--label-column': (data === undefined ? onlyWith('--data') : text).optional(),
    '--mask-column': (data === undefined ? onlyWith('--data') : text).optional(),
  });
  const flags = parseOptions(schema, {
    '--attention-at': options.attentionAt,
    '--step': options.step,
    '--tolerance': options.tolerance,
    '--images': options.images,
    '--label-column': options.labelColumn,
    '--mask-column': options.maskColumn,
  });
  return {
    images: flags['--images'],
    step: flags['--step'],
    attentionAt: flags['--attention-at'],
    tolerance: flags['--tolerance'],
  };
}

/** Rejects a flag that has no effect without another. */
const onlyWith = (flag: string): z.ZodType<undefined> =>
  z
    .string()
    .refine(() => false, `only with ${flag}`)
    .transform(() => undefined);

const positiveInteger = z
  .string()
  .transform(toNumber)
  .refine((value) => Number.isInteger(value) && value >= 1, 'an integer of at least 1');

const pixelCount = z
  .string()
  .transform(toNumber)
  .refine((value) => value >= 0, 'a number of pixels');

const pixel = z
  .string()
  .transform((text) => text.split(',').map(toNumber))
  .refine(
    (values) => values.length === 2 && values.every(Number.isFinite),
    'two numbers such as 40,25: pixels from the left and from the top',
  )
  .transform(([x, y]) => ({ x, y }));

const imageChoice = z
  .string()
  .refine(
    (text) => Number.isNaN(toNumber(text)) || /^[1-9]\d*$/.test(text.trim()),
    'an integer of at least 1, all, or ids separated by commas',
  )
  .transform((text): ImageChoice => {
    if (text === 'all') return 'all';
    return Number.isNaN(toNumber(text)) ? splitList(text) : Number(text);
  });

/** NaN for blank text, which `Number` takes for 0. */
function toNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}
