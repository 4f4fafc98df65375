/** Which workspace packages each package may import; the whole design in one table (see ARCHITECTURE.md). */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  engine: ['core'],
  metrics: ['core'],
  data: ['core'],
  terminal: [],
  runs: ['metrics', 'core'],
  report: ['runs', 'metrics', 'core'],
  tensor: ['core'],
  nonlocal: ['tensor', 'core'],
  explain: ['tensor', 'core'],
  models: ['nonlocal', 'tensor', 'core'],
  classifier: ['explain', 'models', 'data', 'runs', 'metrics', 'core'],
  train: ['runs', 'metrics', 'tensor', 'core'],
  pipeline: [
    'classifier',
    'core',
    'data',
    'engine',
    'explain',
    'metrics',
    'models',
    'nonlocal',
    'runs',
    'tensor',
    'train',
  ],
  experiment: [
    'classifier',
    'core',
    'data',
    'engine',
    'explain',
    'metrics',
    'models',
    'nonlocal',
    'pipeline',
    'runs',
    'tensor',
    'train',
  ],
};

/** Packages whose code must run without any TF.js. */
export const withoutTfjs: readonly string[] = [
  'core',
  'metrics',
  'data',
  'runs',
  'report',
  'terminal',
];

/** Packages that run on whatever backend their caller registered: TF.js is a peer, and no backend is imported. */
export const peersOfTfjs: readonly string[] = [
  'tensor',
  'nonlocal',
  'models',
  'explain',
  'classifier',
  'train',
  'pipeline',
  'experiment',
];
