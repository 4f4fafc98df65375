import { InputError, unknownName } from '@nonlocal-med/core';
import type { ExperimentDefinition } from './experimentSchema.js';

const backbones = { shufflenetv2: 'ShuffleNetV2', resnet18: 'ResNet18' } as const;
const components = {
  '': '',
  '-nam': ' + NAM',
  '-nam-db': ' + NAM + DB',
  '-nla': ' + NAM + DB + NVCF',
} as const;

/** Table 1: the components of the method, added one by one, on both backbones. */
const table1: ExperimentDefinition = {
  name: 'table1',
  caption: 'Ablation: the components of the method, added one by one',
  weights: 'imagenet',
  rows: Object.entries(backbones).flatMap(([backbone, group]) =>
    Object.entries(components).map(([component, title]) => ({
      key: `${backbone}${component}`,
      title: `${group}${title}`,
      group,
      baseline: component === '' ? null : backbone,
      options: { model: { name: `${backbone}${component}` } },
    })),
  ),
};

const comparedModels = {
  shufflenetv2: 'ShuffleNetV2',
  resnet18: 'ResNet18',
  'resnet18-cbam': 'ResNet18 + CBAM',
  'resnet18-se': 'ResNet18 + SE',
  'resnet18-nonlocal': 'ResNet18 + Non-local block',
  'resnet18-ccnet': 'ResNet18 + CCNet',
  hynet: 'HyNet',
  'resnet18-nla': 'ResNet18 + NAM + DB + NVCF (ours)',
} as const;

/** Table 2: other attention models, each compared with the method. */
const table2: ExperimentDefinition = {
  name: 'table2',
  caption: 'Comparison with other attention models in ResNet18',
  weights: 'imagenet',
  rows: Object.entries(comparedModels).map(([key, title]) => ({
    key,
    title,
    baseline: key === 'resnet18-nla' ? null : 'resnet18-nla',
    ...(key === 'hynet' ? { reproduced: false } : { options: { model: { name: key } } }),
  })),
};

/** Table 3: NAM on the feature maps of each encoder stage. */
const table3: ExperimentDefinition = {
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

const experiments: Readonly<Record<string, ExperimentDefinition>> = { table1, table2, table3 };

/** Names of the built-in experiments: `table1`, `table2` and `table3` of the paper. */
export const builtinExperimentNames: readonly string[] = Object.keys(experiments);

/**
 * The definition of a built-in experiment, i.e. of a table of the paper.
 * @throws InputError that lists the known names if there is no experiment of this name.
 */
export function builtinExperiment(name: string): ExperimentDefinition {
  if (Object.hasOwn(experiments, name)) return experiments[name];
  const known = [...builtinExperimentNames];
  const issue = unknownName({ path: 'experiment', kind: 'experiment', name, known });
  throw new InputError({ ...issue, hint: `${issue.hint}, or a YAML file` });
}
