import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { AddRelu } from '../layers/addRelu.js';
import { BatchNormalization } from '../layers/batchNormalization.js';
import { MaxPooling } from '../layers/maxPooling.js';
import { PaddedConvolution } from '../layers/paddedConvolution.js';
import type { Backbone, StepOptions } from './backbone.js';
import type { Step } from './step.js';

/** Channels of layer1 to layer4; two blocks each. */
const WIDTHS = [64, 128, 256, 512];

/** ResNet18 (He et al. 2016) with torchvision's names (spec 2.2). */
export const resNet18: Backbone = {
  description: 'ResNet18',
  options: {},
  taps: ['layers', 'stem'],
  steps: (options) => {
    const blocks = WIDTHS.flatMap((filters, index) =>
      [0, 1].map((block) =>
        basicBlock(`layer${index + 1}.${block}`, {
          ...options,
          filters,
          stride: block === 0 && index > 0 ? 2 : 1,
        }),
      ),
    );
    return [...stem(options), ...blocks];
  },
  encoders: (taps) =>
    taps === 'stem'
      ? ['stem', 'layer1.1', 'layer2.1', 'layer3.1']
      : ['layer1.1', 'layer2.1', 'layer3.1', 'layer4.1'],
};

function stem({ seed, endName }: StepOptions): Step[] {
  return [
    {
      position: 'conv1',
      apply: (x) => {
        const y = convolution('conv1', { filters: 64, size: 7, stride: 2, seed }).apply(x);
        return new BatchNormalization({ name: 'bn1', activation: 'relu', seed }).apply(
          y,
        ) as SymbolicTensor;
      },
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

interface BlockOptions extends StepOptions {
  readonly filters: number;
  readonly stride: number;
}

/** ReLU(gate(bn2(conv2(ReLU(bn1(conv1(x)))))) + shortcut(x)). */
function basicBlock(name: string, { filters, stride, seed, gate, endName }: BlockOptions): Step {
  return {
    position: name,
    apply: (x) => {
      let y = convolution(`${name}.conv1`, { filters, size: 3, stride, seed }).apply(
        x,
      ) as SymbolicTensor;
      y = new BatchNormalization({ name: `${name}.bn1`, activation: 'relu', seed }).apply(
        y,
      ) as SymbolicTensor;
      y = convolution(`${name}.conv2`, { filters, size: 3, stride: 1, seed }).apply(
        y,
      ) as SymbolicTensor;
      y = new BatchNormalization({ name: `${name}.bn2`, seed }).apply(y) as SymbolicTensor;
      if (gate !== undefined) y = gate(y, name);
      return new AddRelu({ name: endName(name) }).apply([
        y,
        shortcut(x, { name, filters, stride, seed }),
      ]) as SymbolicTensor;
    },
  };
}

function shortcut(
  x: SymbolicTensor,
  {
    name,
    filters,
    stride,
    seed,
  }: { name: string; filters: number; stride: number; seed: number | null },
): SymbolicTensor {
  if (stride === 1 && x.shape[3] === filters) return x;
  const y = convolution(`${name}.downsample.0`, { filters, size: 1, stride, seed }).apply(x);
  return new BatchNormalization({ name: `${name}.downsample.1`, seed }).apply(y) as SymbolicTensor;
}

function convolution(
  name: string,
  options: { filters: number; size: number; stride: number; seed: number | null },
): PaddedConvolution {
  return new PaddedConvolution({ name, ...options, initial: 'kaiming-normal' });
}
