import type { ExperimentDefinition } from './experimentSchema.js';

const models = {
  shufflenetv2: 'ShuffleNetV2',
  resnet18: 'ResNet18',
  'resnet18-cbam': 'ResNet18 + CBAM',
  'resnet18-se': 'ResNet18 + SE',
  'resnet18-nonlocal': 'ResNet18 + Non-local block',
  'resnet18-ccnet': 'ResNet18 + CCNet',
  hynet: 'HyNet',
  'resnet18-nla': 'ResNet18 + NAM + DB + NVCF (ours)',
} as const;

/** Table 2: the method against other attention models; every model is compared with the method. */
export const table2: ExperimentDefinition = {
  name: 'table2',
  caption: 'Comparison with other attention models in ResNet18',
  weights: 'imagenet',
  rows: Object.entries(models).map(([key, title]) => ({
    key,
    title,
    baseline: key === 'resnet18-nla' ? null : 'resnet18-nla',
    ...(key === 'hynet' ? { reproduced: false } : { options: { model: { name: key } } }),
  })),
};
