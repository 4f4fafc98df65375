import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { BatchNormalization } from '../layers/batchNormalization.js';
import { AddRelu } from '../layers/branches.js';
import { PaddedConvolution } from '../layers/convolution.js';
import { MaxPooling } from '../layers/pooling.js';
import { sequential } from '../layers/sequential.js';
import type { BackboneOptions, FeatureMaps } from './backbone.js';

/**
 * ResNet18 (He et al. 2016; docs/specification.md, section 2.2) with torchvision's names and without its classifier.
 *
 * Encoders 1 to 4 are layer1 to layer4, or with `encoderStages: 'stem'` stem and layer1 to layer3.
 *
 * @param image [B, H, W, 3]
 * @returns conv1 [B, H/2, W/2, 64]; stem, layer1 [B, H/4, W/4, 64]; layer2 [B, H/8, W/8, 128];
 * layer3 [B, H/16, W/16, 256]; layer4 [B, H/32, W/32, 512]
 */
export function resNet18(
  image: SymbolicTensor,
  { seed, encoderStages = 'layers', until, gate, replace = (map) => map }: BackboneOptions,
): FeatureMaps {
  const ends =
    encoderStages === 'stem'
      ? { stem: 'e1', layer1: 'e2', layer2: 'e3', layer3: 'e4', layer4: 'layer4.1' }
      : { stem: 'stem', layer1: 'e1', layer2: 'e2', layer3: 'e3', layer4: 'e4' };
  const common = { seed, gate, replace };

  let x = sequential(
    image,
    convolution('conv1', { filters: 64, size: 7, stride: 2, seed }),
    new BatchNormalization({ name: 'bn1', activation: 'relu', seed }),
  );
  const conv1 = replace(x, ['conv1']);
  x = sequential(conv1, new MaxPooling({ name: ends.stem, size: 3, stride: 2, padding: 1 }));
  const stem = replace(x, ['stem', ends.stem]);
  const layer1 = stage(stem, 'layer1', { filters: 64, stride: 1, end: ends.layer1, ...common });
  const layer2 = stage(layer1, 'layer2', { filters: 128, stride: 2, end: ends.layer2, ...common });
  const layer3 = stage(layer2, 'layer3', { filters: 256, stride: 2, end: ends.layer3, ...common });
  if (encoderStages === 'stem' && until === 'e4')
    return { conv1, stem, e1: stem, e2: layer1, e3: layer2, e4: layer3, last: layer3 };
  const layer4 = stage(layer3, 'layer4', { filters: 512, stride: 2, end: ends.layer4, ...common });
  return encoderStages === 'stem'
    ? { conv1, stem, e1: stem, e2: layer1, e3: layer2, e4: layer3, last: layer4 }
    : { conv1, stem, e1: layer1, e2: layer2, e3: layer3, e4: layer4, last: layer4 };
}

interface StageOptions extends Required<Pick<BackboneOptions, 'seed' | 'replace'>> {
  readonly filters: number;
  /** Stride of the first block. */
  readonly stride: number;
  /** Name of the last layer. */
  readonly end: string;
  readonly gate?: BackboneOptions['gate'];
}

/** Two basic blocks: [B, H, W, C] -> [B, H/stride, W/stride, filters]. */
function stage(
  x: SymbolicTensor,
  name: string,
  { stride, end, replace, ...options }: StageOptions,
): SymbolicTensor {
  const [first, second] = [`${name}.0`, `${name}.1`];
  const y = basicBlock(x, first, { ...options, stride, end: first });
  const z = basicBlock(replace(y, [first]), second, { ...options, stride: 1, end });
  return replace(z, [second, end]);
}

/** ReLU(gate(bn2(conv2(ReLU(bn1(conv1(x)))))) + shortcut(x)). */
function basicBlock(
  x: SymbolicTensor,
  name: string,
  { filters, stride, end, seed, gate = (branch) => branch }: Omit<StageOptions, 'replace'>,
): SymbolicTensor {
  const branch = sequential(
    x,
    convolution(`${name}.conv1`, { filters, size: 3, stride, seed }),
    new BatchNormalization({ name: `${name}.bn1`, activation: 'relu', seed }),
    convolution(`${name}.conv2`, { filters, size: 3, stride: 1, seed }),
    new BatchNormalization({ name: `${name}.bn2`, seed }),
  );
  const shortcut =
    stride === 1 && x.shape[3] === filters
      ? x
      : sequential(
          x,
          convolution(`${name}.downsample.0`, { filters, size: 1, stride, seed }),
          new BatchNormalization({ name: `${name}.downsample.1`, seed }),
        );
  return sequential([gate(branch, name), shortcut], new AddRelu({ name: end }));
}

/** A convolution without bias, padded to keep the size at stride 1. */
function convolution(
  name: string,
  options: { filters: number; size: number; stride: number; seed: number | null },
): PaddedConvolution {
  return new PaddedConvolution({ name, ...options, initial: 'kaiming-normal' });
}
