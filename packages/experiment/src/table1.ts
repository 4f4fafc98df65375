import type { ExperimentDefinition } from './experimentSchema.js';

const backbones = { shufflenetv2: 'ShuffleNetV2', resnet18: 'ResNet18' } as const;
const parts = {
  '': '',
  '-nam': ' + NAM',
  '-nam-db': ' + NAM + DB',
  '-nla': ' + NAM + DB + NVCF',
} as const;

/** Table 1: the parts of the method, one after the other, on both backbones. */
export const table1: ExperimentDefinition = {
  name: 'table1',
  caption: 'Ablation: the parts of the method, one after the other',
  weights: 'imagenet',
  rows: Object.entries(backbones).flatMap(([backbone, group]) =>
    Object.entries(parts).map(([part, title]) => ({
      key: `${backbone}${part}`,
      title: `${group}${title}`,
      group,
      baseline: part === '' ? null : backbone,
      options: { model: { name: `${backbone}${part}` } },
    })),
  ),
};
