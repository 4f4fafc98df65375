import {
  type FusionOperator,
  NonLocalAttention,
  NonLocalContextFusion,
} from '@nonlocal-med/nonlocal';
import * as tfl from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import type { BuildOptions } from '../backbones/backbone.js';
import { sequential } from '../layers/sequential.js';
import {
  attentionOptions,
  headOptions,
  listOf,
  type ModelOptions,
  type OptionFields,
} from '../modelOptions.js';
import { classificationHead } from './classificationHead.js';

type SymbolicTensor = tfl.SymbolicTensor;

/**
 * "+NAM" of the paper's Table 1 (docs/specification.md, section 3.4): the attention module in series, x + NAM(x) in place
 * of one map of the backbone.
 */
export function nam(image: SymbolicTensor, options: BuildOptions): SymbolicTensor {
  const replace = (map: SymbolicTensor, names: readonly string[]): SymbolicTensor => {
    if (!names.includes(options.namAt)) return map;
    const attended = sequential(map, attentionModule(options));
    return options.seriesMode === 'replace'
      ? attended
      : sequential([map, attended], tfl.layers.add({ name: 'nam.add' }));
  };
  const { last } = options.backbone(image, { ...options, replace });
  return classificationHead(last, options);
}

/**
 * The full method, "+NAM+DB+NVCF" (docs/specification.md, section 3.2): the CNN branch ends with encoder 4, the attention
 * branch reads an early map at full resolution, and non-local context fusion joins both.
 */
export function namDualBranchFusion(image: SymbolicTensor, options: BuildOptions): SymbolicTensor {
  const { namAt, fusion, pools } = options;
  const maps = options.backbone(image, { ...options, until: 'e4' });
  const attended = sequential(maps[namAt], attentionModule(options)); // e.g. [B, H/4, W/4, 64]
  const fused = sequential(
    [maps.e4, attended],
    new NonLocalContextFusion({ name: 'fused', operators: fusion, pools }),
  ); // e.g. [B, H/32, W/32, 512 + 3 * 64]
  return classificationHead(fused, options);
}

/** "+NAM+DB": the same two branches, where by default a single operator, the average, resizes the attention map. */
export function namDualBranch(image: SymbolicTensor, options: BuildOptions): SymbolicTensor {
  return namDualBranchFusion(image, options);
}

/** The non-local attention module (NAM). */
function attentionModule(options: BuildOptions): NonLocalAttention {
  const { mode, scale, residual, subSample, seed } = options;
  return new NonLocalAttention({ name: 'nam', mode, scale, residual, subSample, seed });
}

export const namOptions = {
  ...attentionOptions,
  encoderStages: encoderOption(['layers', 'stem']),
  seriesMode: z
    .enum(['add', 'replace'])
    .default('add')
    .describe('Add x + NAM(x), or replace x by NAM(x).'),
  ...headOptions,
} satisfies OptionFields;

/** Options of both dual-branch models. */
export function dualBranchOptions(choices: FusionChoices): OptionFields {
  return { ...attentionOptions, ...fusionOptions(choices) };
}

/** What the options of a fusion with encoder 4 depend on. */
export interface FusionChoices {
  /** Choices of `encoderStages` that the backbone has. */
  readonly encoderChoices: readonly EncoderChoice[];
  /** Default operators. */
  readonly fusion: readonly FusionOperator[];
}

/** Options of a fusion with encoder 4, and of the head. */
export function fusionOptions({ encoderChoices, fusion }: FusionChoices): OptionFields {
  return {
    encoderStages: encoderOption(encoderChoices),
    fusion: listOf('average', 'max', 'bilinear')
      .default([...fusion])
      .describe("Operators that resize the attention map, or the early map, to encoder 4's size."),
    pools: z
      .enum(['adaptive', 'plain'])
      .default('adaptive')
      .describe('Bins of average and max: adaptive, or windows of one size at one stride.'),
    ...headOptions,
  };
}

type EncoderChoice = NonNullable<ModelOptions['encoderStages']>;

function encoderOption(choices: readonly EncoderChoice[]): z.ZodType<EncoderChoice> {
  const conv5 = choices.includes('conv5') ? '; with conv5, the fourth is conv5' : '';
  return z
    .enum(choices)
    .default('layers')
    .describe(`Which feature maps are encoders 1 to 4${conv5}.`);
}
