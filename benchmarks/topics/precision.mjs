import { bfloat16Support } from '@nonlocal-med/tensor';

/** Training steps, attention and inference in bfloat16 and float32, against the forms in which PyTorch is fastest. */
export const precision = {
  title: 'bfloat16 and float32 against the forms of PyTorch',
  cases: ({ quick }) => [
    ...(quick ? STEPS.slice(0, 2) : STEPS).map(([name, batch, size, options]) =>
      stepForms({ name, batch: quick ? 2 : batch, size: quick ? 64 : size, options }, quick),
    ),
    ...(quick ? [[8, 1]] : ATTENTION).map(attentionForms),
    ...(quick ? INFERENCE.slice(0, 1) : INFERENCE).map(([name, batch]) =>
      inferenceForms({ name, batch, size: quick ? 64 : 386 }, quick),
    ),
  ],
};

/** Model, batch, size, options. */
const STEPS = [
  ['resnet18', 4, 386],
  ['resnet18-se', 4, 386],
  ['resnet18-cbam', 4, 386],
  ['resnet18-nonlocal', 4, 386],
  ['resnet18-ccnet', 4, 386],
  ['resnet18-nla', 4, 386],
  ['resnet18-nla', 1, 386, { namAt: 'conv1' }],
  ['shufflenetv2', 16, 224],
];
/** Height and width of the map, batch. */
const ATTENTION = [
  [97, 1],
  [97, 4],
  [193, 1],
  [193, 4],
];
/** Model, batch. */
const INFERENCE = ['resnet18', 'resnet18-nla', 'shufflenetv2'].flatMap((name) => [
  [name, 1],
  [name, 8],
]);

/** What PyTorch's users combine, by the name of the side. */
const FORMS = {
  eager: [],
  channels_last: ['channels_last'],
  compiled: ['channels_last', 'compile'],
  bfloat16: ['channels_last', 'bfloat16'],
};

function stepForms({ name, batch, size, options = {} }, quick) {
  const input = { name, batch, size, options };
  const fused = name.endsWith('-nla');
  const conv1 = options.namAt === 'conv1';
  return {
    name: `${name}${conv1 ? ' conv1' : ''} ${batch}x${size}`,
    facts: { model: name, batch, size, options },
    sides: [...ours('step', input), ...torch('step', fused ? { ...input, fused } : input, quick)],
    remarksOn: bestForm,
  };
}

function inferenceForms({ name, batch, size }, quick) {
  const input = { name, batch, size, repeat: batch === 1 ? 5 : 1 };
  return {
    name: `${name} ${batch}x${size}, inference`,
    facts: { model: name, batch, size },
    sides: [...ours('infer', input), ...torch('infer', input, quick)],
    remarksOn: bestForm,
  };
}

function attentionForms([side, batch]) {
  const repeat = Math.min(50, Math.max(1, Math.round(2e7 / (batch * side ** 4))));
  const input = { side, batch, repeat };
  return {
    name: `attention ${side} x ${side}, batch ${batch}`,
    facts: { side, batch },
    sides: [
      ...ours('attention', { ...input, form: 'blocked' }),
      ...[[], ['bfloat16']].map((forms) => ({
        side: ['fused', ...forms].join(' '),
        script: 'attention.py',
        input: { ...input, form: 'padded', forms },
      })),
    ],
    remarksOn: bestForm,
  };
}

/** In bfloat16 only where the processor has instructions for it. */
const TYPES = bfloat16Support().isSupported ? ['bfloat16', 'float32'] : ['float32'];

const ours = (script, input) =>
  TYPES.map((type) => ({
    side: `ours ${type}`,
    script: `${script}.mjs`,
    input: { ...input, precision: type },
  }));

/** Compiling a network takes minutes, so a quick check leaves it out. */
const torch = (script, input, quick) =>
  Object.entries(FORMS)
    .filter(([side]) => !quick || side !== 'compiled')
    .map(([side, forms]) => ({ side, script: `${script}.py`, input: { ...input, forms } }));

/** Our best type against PyTorch's best form, and float32 against its best form in float32. */
function bestForm(...sides) {
  const fastest = (some) => some.reduce((a, b) => (b.wall < a.wall ? b : a));
  const mine = sides.filter(({ side }) => side.startsWith('ours'));
  const others = sides.filter(({ side }) => !side.startsWith('ours'));
  const exact = mine.at(-1);
  if (others.length === 0)
    return [
      mine.length === 1
        ? 'this processor has no bfloat16 instructions'
        : `bfloat16 takes ${(mine[0].wall / exact.wall).toFixed(2)} of float32`,
    ];
  const compare = (a, b) =>
    `${a.side} takes ${(a.wall / b.wall).toFixed(2)} of ${b.side}, memory ${(a.rss / b.rss).toFixed(2)}`;
  const inFloat32 = others.filter(({ side }) => !side.includes('bfloat16'));
  return [
    `best against best: ${compare(fastest(mine), fastest(others))}`,
    `float32: ${compare(exact, fastest(inFloat32))}`,
  ];
}
