import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { BatchNormalization } from '../layers/batchNormalization.js';
import { ChannelHalf } from '../layers/channelHalf.js';
import { DepthwiseConvolution } from '../layers/depthwiseConvolution.js';
import { Identity } from '../layers/identity.js';
import { MaxPooling } from '../layers/maxPooling.js';
import { PaddedConvolution } from '../layers/paddedConvolution.js';
import { ShuffleJoin } from '../layers/shuffleJoin.js';
import type { Backbone, StepOptions } from './backbone.js';
import type { Step } from './step.js';

/** Channels of the stem, stage2 to stage4 and conv5 by width. */
const CHANNELS: Readonly<Record<number, readonly [number, number, number, number, number]>> = {
  0.5: [24, 48, 96, 192, 1024],
  1: [24, 116, 232, 464, 1024],
  1.5: [24, 176, 352, 704, 1024],
  2: [24, 244, 488, 976, 2048],
};

/** Units of stage2 to stage4. */
const REPEATS = [4, 8, 4];

/** ShuffleNetV2 (Ma et al. 2018) with torchvision's names (spec 2.3). */
export const shuffleNetV2: Backbone = {
  description: 'ShuffleNetV2',
  options: {
    width: {
      kind: 'choice',
      choices: [0.5, 1, 1.5, 2],
      default: 1,
      description: 'width of the network',
    },
  },
  taps: ['layers', 'stem', 'conv5'],
  steps: (options) => {
    const channels = CHANNELS[options.width];
    const units = REPEATS.flatMap((repeats, index) =>
      Array.from({ length: repeats }, (_, unit) =>
        shuffleUnit(`stage${index + 2}.${unit}`, {
          ...options,
          filters: channels[index + 1],
          stride: unit === 0 ? 2 : 1,
        }),
      ),
    );
    return [...stem(channels[0], options), ...units, head(channels[4], options)];
  },
  encoders: (taps) => ['stem', 'stage2.3', 'stage3.7', taps === 'conv5' ? 'conv5' : 'stage4.3'],
};

function stem(filters: number, { seed, endName }: StepOptions): Step[] {
  return [
    {
      position: 'conv1',
      apply: (x) =>
        convolutionBlock(x, {
          convolution: 'conv1.0',
          normalization: 'conv1.1',
          filters,
          size: 3,
          stride: 2,
          seed,
        }),
    },
    {
      position: 'stem',
      apply: (x) =>
        new MaxPooling({ name: endName('stem'), size: 3, stride: 2, padding: 1 }).apply(
          x,
        ) as SymbolicTensor,
    },
  ];
}

function head(filters: number, { seed, endName }: StepOptions): Step {
  return {
    position: 'conv5',
    apply: (x) => {
      const y = convolutionBlock(x, {
        convolution: 'conv5.0',
        normalization: 'conv5.1',
        filters,
        size: 1,
        seed,
      });
      return endName('conv5') === 'conv5'
        ? y
        : (new Identity({ name: endName('conv5') }).apply(y) as SymbolicTensor);
    },
  };
}

interface UnitOptions extends StepOptions {
  readonly filters: number;
  readonly stride: number;
}

/** Stride 1: the first half of the channels passes untouched; stride 2: both branches see all channels. */
function shuffleUnit(name: string, { filters, stride, seed, endName }: UnitOptions): Step {
  const half = filters / 2;
  return {
    position: name,
    apply: (x) => {
      const first =
        stride === 1
          ? halfOf(x, name, 'first')
          : shortBranch(x, { name: `${name}.branch1`, half, seed });
      const second = longBranch(stride === 1 ? halfOf(x, name, 'second') : x, {
        name: `${name}.branch2`,
        half,
        stride,
        seed,
      });
      return new ShuffleJoin({ name: endName(name) }).apply([first, second]) as SymbolicTensor;
    },
  };
}

function halfOf(x: SymbolicTensor, name: string, half: 'first' | 'second'): SymbolicTensor {
  return new ChannelHalf({ name: `${name}.${half}`, half }).apply(x) as SymbolicTensor;
}

interface BranchOptions {
  readonly name: string;
  readonly half: number;
  readonly seed: number | null;
}

function shortBranch(x: SymbolicTensor, { name, half, seed }: BranchOptions): SymbolicTensor {
  let y = new DepthwiseConvolution({ name: `${name}.0`, size: 3, stride: 2, seed }).apply(
    x,
  ) as SymbolicTensor;
  y = new BatchNormalization({ name: `${name}.1`, seed }).apply(y) as SymbolicTensor;
  return convolutionBlock(y, {
    convolution: `${name}.2`,
    normalization: `${name}.3`,
    filters: half,
    size: 1,
    seed,
  });
}

function longBranch(
  x: SymbolicTensor,
  { name, half, stride, seed }: BranchOptions & { stride: number },
): SymbolicTensor {
  let y = convolutionBlock(x, {
    convolution: `${name}.0`,
    normalization: `${name}.1`,
    filters: half,
    size: 1,
    seed,
  });
  y = new DepthwiseConvolution({ name: `${name}.3`, size: 3, stride, seed }).apply(
    y,
  ) as SymbolicTensor;
  y = new BatchNormalization({ name: `${name}.4`, seed }).apply(y) as SymbolicTensor;
  return convolutionBlock(y, {
    convolution: `${name}.5`,
    normalization: `${name}.6`,
    filters: half,
    size: 1,
    seed,
  });
}

interface ConvolutionBlock {
  readonly convolution: string;
  readonly normalization: string;
  readonly filters: number;
  readonly size: number;
  readonly stride?: number;
  readonly seed: number | null;
}

/** Convolution, batch normalisation, ReLU. */
function convolutionBlock(
  x: SymbolicTensor,
  { convolution, normalization, filters, size, stride = 1, seed }: ConvolutionBlock,
): SymbolicTensor {
  const y = new PaddedConvolution({ name: convolution, filters, size, stride, seed }).apply(x);
  return new BatchNormalization({ name: normalization, activation: 'relu', seed }).apply(
    y,
  ) as SymbolicTensor;
}
