/** Names inside a run's folder. */
export const runFiles = {
  config: 'config.yaml',
  environment: 'environment.json',
  events: 'events.jsonl',
  tensorboard: 'tensorboard',
  checkpoints: 'checkpoints',
  last: 'checkpoints/last',
  best: 'checkpoints/best',
  model: 'model',
  predictions: 'predictions',
  metrics: 'metrics.json',
  kernels: 'kernels.json',
  lock: '.lock',
} as const;
