import * as tfl from '@tensorflow/tfjs-layers';
import { BatchNormalization } from '../layers/batchNormalization.js';
import { ChannelDropout } from '../layers/channelDropout.js';
import { CrissCross } from '../layers/crissCross.js';
import { GlobalAveragePooling } from '../layers/globalAveragePooling.js';
import { Linear } from '../layers/linear.js';
import { PaddedConvolution } from '../layers/paddedConvolution.js';
import { headOptions } from '../options/headOptions.js';
import type { Variation, VariationContext } from './variation.js';

/** Channels of the head's last map, and slope of its leaky ReLUs, as in the authors' code. */
const HEAD_CHANNELS = 512;
const SLOPE = 0.01;

/** Criss-cross attention (Huang et al. 2019; speedinghzl/CCNet) as the authors' head, or on encoder 4 (spec 4.4). */
export const crissCross: Variation = {
  description: 'recurrent criss-cross attention behind the backbone',
  options: {
    ccnet: {
      kind: 'choice',
      choices: ['head', 'inline'],
      default: 'head',
      description: "the authors' head, or the attention alone",
    },
    recurrence: {
      kind: 'integer',
      minimum: 1,
      maximum: 8,
      default: 2,
      description: 'passes of the attention, with shared weights',
    },
    dropout: {
      kind: 'number',
      minimum: 0,
      maximum: 0.9,
      default: 0.1,
      description: "channel dropout in the authors' head",
    },
    ...headOptions,
  },
  hooks: (context) =>
    context.options.ccnet === 'head'
      ? { classify: (x) => head(x, context) }
      : {
          fuse: (x) =>
            new CrissCross({
              name: 'cca',
              recurrence: context.options.recurrence,
              seed: context.seed,
            }).apply(x) as tfl.SymbolicTensor,
        },
};

/** conva, attention, convb; joined with x; one more convolution; dropout; mean; classifier. */
function head(x: tfl.SymbolicTensor, { options, seed }: VariationContext): tfl.SymbolicTensor {
  const { classes, recurrence, dropout } = options;
  const inner = Math.floor(x.shape[3]! / 4);
  let y = convolutionBlock(x, { suffix: 'a', filters: inner, seed });
  y = new CrissCross({ name: 'head.cca', recurrence, seed }).apply(y) as tfl.SymbolicTensor;
  y = convolutionBlock(y, { suffix: 'b', filters: inner, seed });
  y = tfl.layers.concatenate({ name: 'head.concat', axis: -1 }).apply([x, y]) as tfl.SymbolicTensor;
  y = convolutionBlock(y, { suffix: '', filters: HEAD_CHANNELS, seed });
  y = new ChannelDropout({ name: 'head.dropout', rate: dropout }).apply(y) as tfl.SymbolicTensor;
  y = new GlobalAveragePooling({ name: 'head.gap' }).apply(y) as tfl.SymbolicTensor;
  return new Linear({ name: 'head.fc', units: classes, seed }).apply(y) as tfl.SymbolicTensor;
}

/** 3x3 convolution, batch normalisation, leaky ReLU. */
function convolutionBlock(
  x: tfl.SymbolicTensor,
  { suffix, filters, seed }: { suffix: string; filters: number; seed: number | null },
): tfl.SymbolicTensor {
  let y = new PaddedConvolution({ name: `head.conv${suffix}`, filters, size: 3, seed }).apply(
    x,
  ) as tfl.SymbolicTensor;
  y = new BatchNormalization({ name: `head.bn${suffix}`, seed }).apply(y) as tfl.SymbolicTensor;
  return tfl.layers
    .leakyReLU({ name: `head.act${suffix}`, alpha: SLOPE })
    .apply(y) as tfl.SymbolicTensor;
}
