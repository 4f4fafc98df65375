import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { BatchNormalization } from '../layers/batchNormalization.js';
import { ChannelHalf, Identity, ShuffleJoin } from '../layers/branches.js';
import { DepthwiseConvolution, PaddedConvolution } from '../layers/convolution.js';
import { MaxPooling } from '../layers/pooling.js';
import { type Layer, sequential } from '../layers/sequential.js';
import { choice, type OptionFields } from '../modelOptions.js';
import type { BackboneOptions, FeatureMaps } from './backbone.js';

export const shuffleNetV2Options = {
  width: choice(0.5, 1, 1.5, 2).default(1).describe('Width of the network.'),
} satisfies OptionFields;

/** Channels of the stem, stage2 to stage4 and conv5 by width. */
const CHANNELS = {
  0.5: [24, 48, 96, 192, 1024],
  1: [24, 116, 232, 464, 1024],
  1.5: [24, 176, 352, 704, 1024],
  2: [24, 244, 488, 976, 2048],
} as const;

/**
 * ShuffleNetV2 (Ma et al. 2018; docs/specification.md, section 2.3) with torchvision's names and without its classifier.
 *
 * Encoders 1 to 4 are stem, stage2, stage3 and stage4, or with `encoderStages: 'conv5'` conv5 in place of stage4.
 *
 * @param image [B, H, W, 3]
 * @returns at width 1: conv1 [B, H/2, W/2, 24]; stem [B, H/4, W/4, 24]; stage2 [B, H/8, W/8, 116];
 * stage3 [B, H/16, W/16, 232]; stage4 [B, H/32, W/32, 464]; conv5 [B, H/32, W/32, 1024]
 */
export function shuffleNetV2(
  image: SymbolicTensor,
  { seed, width = 1, encoderStages = 'layers', until, replace = (map) => map }: BackboneOptions,
): FeatureMaps {
  const [stemChannels, channels2, channels3, channels4, channels5] = CHANNELS[width];
  const stage4End = encoderStages === 'conv5' ? 'stage4.3' : 'e4';
  const common = { seed, replace };

  let x = sequential(
    image,
    ...convolutionBlock(['conv1.0', 'conv1.1'], {
      filters: stemChannels,
      size: 3,
      stride: 2,
      seed,
    }),
  );
  const conv1 = replace(x, ['conv1']);
  x = sequential(conv1, new MaxPooling({ name: 'e1', size: 3, stride: 2, padding: 1 }));
  const stem = replace(x, ['stem', 'e1']);
  const stage2 = stage(stem, 'stage2', { units: 4, filters: channels2, end: 'e2', ...common });
  const stage3 = stage(stage2, 'stage3', { units: 8, filters: channels3, end: 'e3', ...common });
  const stage4 = stage(stage3, 'stage4', {
    units: 4,
    filters: channels4,
    end: stage4End,
    ...common,
  });
  const maps = { conv1, stem, e1: stem, e2: stage2, e3: stage3 };
  if (encoderStages !== 'conv5' && until === 'e4') return { ...maps, e4: stage4, last: stage4 };

  const head = convolutionBlock(['conv5.0', 'conv5.1'], { filters: channels5, size: 1, seed });
  if (encoderStages !== 'conv5')
    return { ...maps, e4: stage4, last: replace(sequential(stage4, ...head), ['conv5']) };
  const e4 = replace(sequential(stage4, ...head, new Identity({ name: 'e4' })), ['conv5', 'e4']);
  return { ...maps, e4, last: e4 };
}

interface StageOptions extends Required<Pick<BackboneOptions, 'seed' | 'replace'>> {
  readonly units: number;
  readonly filters: number;
  /** Name of the last layer. */
  readonly end: string;
}

/** Shuffle units, the first with stride 2: [B, H, W, C] -> [B, H/2, W/2, filters]. */
function stage(
  x: SymbolicTensor,
  name: string,
  { units, filters, end, seed, replace }: StageOptions,
): SymbolicTensor {
  for (let unit = 0; unit < units; unit++) {
    const unitName = `${name}.${unit}`;
    const unitEnd = unit === units - 1 ? end : unitName;
    const half = filters / 2;
    const y =
      unit === 0
        ? downsamplingUnit(x, unitName, { half, end: unitEnd, seed })
        : basicUnit(x, unitName, { half, end: unitEnd, seed });
    x = replace(y, [unitName, unitEnd]);
  }
  return x;
}

interface UnitOptions {
  /** Channels of either branch. */
  readonly half: number;
  readonly end: string;
  readonly seed: number | null;
}

/** The first half of the channels passes unchanged, the second through `branch2`; both are shuffled together. */
function basicUnit(
  x: SymbolicTensor,
  name: string,
  { half, end, seed }: UnitOptions,
): SymbolicTensor {
  const first = sequential(x, new ChannelHalf({ name: `${name}.first`, half: 'first' }));
  const second = sequential(
    x,
    new ChannelHalf({ name: `${name}.second`, half: 'second' }),
    ...longBranch(`${name}.branch2`, { filters: half, stride: 1, seed }),
  );
  return sequential([first, second], new ShuffleJoin({ name: end }));
}

/** Both branches see all channels and halve height and width. */
function downsamplingUnit(
  x: SymbolicTensor,
  name: string,
  { half, end, seed }: UnitOptions,
): SymbolicTensor {
  const [short, long] = [`${name}.branch1`, `${name}.branch2`];
  const first = sequential(
    x,
    new DepthwiseConvolution({ name: `${short}.0`, size: 3, stride: 2, seed }),
    new BatchNormalization({ name: `${short}.1`, seed }),
    ...convolutionBlock([`${short}.2`, `${short}.3`], { filters: half, size: 1, seed }),
  );
  const second = sequential(x, ...longBranch(long, { filters: half, stride: 2, seed }));
  return sequential([first, second], new ShuffleJoin({ name: end }));
}

/** 1x1 convolution, 3x3 depthwise convolution, 1x1 convolution. */
function longBranch(
  name: string,
  { filters, stride, seed }: { filters: number; stride: number; seed: number | null },
): Layer[] {
  return [
    ...convolutionBlock([`${name}.0`, `${name}.1`], { filters, size: 1, seed }),
    new DepthwiseConvolution({ name: `${name}.3`, size: 3, stride, seed }),
    new BatchNormalization({ name: `${name}.4`, seed }),
    ...convolutionBlock([`${name}.5`, `${name}.6`], { filters, size: 1, seed }),
  ];
}

/** Convolution, batch normalization, ReLU. */
function convolutionBlock(
  [convolution, normalization]: readonly [string, string],
  options: { filters: number; size: number; stride?: number; seed: number | null },
): Layer[] {
  return [
    new PaddedConvolution({ name: convolution, ...options }),
    new BatchNormalization({ name: normalization, activation: 'relu', seed: options.seed }),
  ];
}
