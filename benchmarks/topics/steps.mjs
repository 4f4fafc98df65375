import { withPyTorch } from './withPyTorch.mjs';

/** Model, batch, size, options; the table of docs/performance.md. */
const CASES = [
  ['resnet18', 4, 386],
  ['resnet18-nla', 4, 386],
  ['shufflenetv2', 16, 224],
  ['resnet18-se', 4, 386],
  ['resnet18-cbam', 4, 386],
  ['resnet18-nonlocal', 4, 386],
  ['resnet18-ccnet', 4, 386],
  ['resnet18-nla', 1, 386, { namAt: 'conv1' }],
];
/** GFLOP of a step of ResNet18 on one image of 386 x 386: 60 convolutions, forward and both gradients. */
const RESNET18 = 134 / 4;

/** Whole training steps. */
export const steps = {
  title: 'a training step: forward, loss, backward, Adam',
  cases: ({ quick }) =>
    (quick ? CASES.slice(0, 3) : CASES).map(([name, batch, size, options]) =>
      stepCase({ name, batch: quick ? 2 : batch, size: quick ? 64 : size, options }),
    ),
};

/** A training step of one model; models with attention are also compared with PyTorch's fused kernel. */
export function stepCase({ name, batch, size, options = {} }) {
  const input = { name, batch, size, options };
  const [ours, torch] = withPyTorch('step', input);
  const conv1 = options.namAt === 'conv1';
  return {
    name: `${name}${conv1 ? ' conv1' : ''} ${batch}x${size}`,
    facts: { model: name, batch, size, options },
    gigaflop: name === 'resnet18' ? RESNET18 * batch * (size / 386) ** 2 : undefined,
    // Five matrices of all attention weights before the pooling, 5.2 GiB each at 386 pixels.
    sides: [
      ours,
      conv1 ? { ...torch, mebibytes: 27_000 } : torch,
      ...(name.endsWith('-nla')
        ? [{ ...torch, side: 'fused', input: { ...input, fused: true } }]
        : []),
    ],
  };
}
