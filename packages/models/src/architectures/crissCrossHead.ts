import * as tfl from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import type { BuildOptions } from '../backbones/backbone.js';
import { BatchNormalization } from '../layers/batchNormalization.js';
import { ChannelDropout } from '../layers/channelDropout.js';
import { PaddedConvolution } from '../layers/convolution.js';
import { CrissCross } from '../layers/crissCross.js';
import { Linear } from '../layers/linear.js';
import { GlobalAveragePooling } from '../layers/pooling.js';
import { type Layer, sequential } from '../layers/sequential.js';
import { headOptions, type OptionFields } from '../modelOptions.js';
import { classificationHead } from './classificationHead.js';

export const crissCrossOptions = {
  ccnet: z
    .enum(['head', 'inline'])
    .default('head')
    .describe("The authors' head, or the attention alone."),
  recurrence: z
    .int()
    .min(1)
    .max(8)
    .default(2)
    .describe('Passes of the attention, with shared weights.'),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe("Rate of the channel dropout in the authors' head."),
  ...headOptions,
} satisfies OptionFields;

/** Channels of the head's last map, and slope of its leaky ReLUs, as in the authors' code. */
const HEAD_CHANNELS = 512;
const SLOPE = 0.01;

/**
 * Criss-cross attention (Huang et al. 2019; speedinghzl/CCNet) as the authors' head, or directly after encoder 4
 * (docs/specification.md, section 4.4).
 */
export function crissCross(image: tfl.SymbolicTensor, options: BuildOptions): tfl.SymbolicTensor {
  const { ccnet, recurrence, seed } = options;
  const { last } = options.backbone(image, options);
  if (ccnet === 'head') return authorsHead(last, options);
  const attended = sequential(last, new CrissCross({ name: 'cca', recurrence, seed }));
  return classificationHead(attended, options);
}

/** conva, attention, convb; concatenated with x; one more convolution; dropout; mean; classifier. */
function authorsHead(
  x: tfl.SymbolicTensor,
  { classes, recurrence, dropout, seed }: BuildOptions,
): tfl.SymbolicTensor {
  const inner = Math.floor(x.shape[3]! / 4);
  const attended = sequential(
    x,
    ...convolutionBlock('a', { filters: inner, seed }),
    new CrissCross({ name: 'head.cca', recurrence, seed }),
    ...convolutionBlock('b', { filters: inner, seed }),
  );
  return sequential(
    [x, attended],
    tfl.layers.concatenate({ name: 'head.concat', axis: -1 }),
    ...convolutionBlock('', { filters: HEAD_CHANNELS, seed }),
    new ChannelDropout({ name: 'head.dropout', rate: dropout }),
    new GlobalAveragePooling({ name: 'head.gap' }),
    new Linear({ name: 'head.fc', units: classes, seed }),
  );
}

/** 3x3 convolution, batch normalization, leaky ReLU: `head.conva`, `head.bna`, `head.acta`. */
function convolutionBlock(
  suffix: string,
  { filters, seed }: { filters: number; seed: number | null },
): Layer[] {
  return [
    new PaddedConvolution({ name: `head.conv${suffix}`, filters, size: 3, seed }),
    new BatchNormalization({ name: `head.bn${suffix}`, seed }),
    tfl.layers.leakyReLU({ name: `head.act${suffix}`, alpha: SLOPE }),
  ];
}
