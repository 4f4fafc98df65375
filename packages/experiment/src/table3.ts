import type { ExperimentDefinition } from './experimentSchema.js';

/** Table 3: where the attention module looks, from the first encoder's features to the last's. */
export const table3: ExperimentDefinition = {
  name: 'table3',
  caption: 'NAM on the features of encoder 1 to 4, ResNet18',
  weights: 'imagenet',
  rows: [1, 2, 3, 4].map((encoder) => ({
    key: `encoder${encoder}`,
    title: `NAM on encoder ${encoder}`,
    baseline: encoder === 1 ? null : 'encoder1',
    options: { model: { name: 'resnet18-nla', namAt: `e${encoder}` } },
  })),
};
