import type { WeightsChoice } from '@nonlocal-med/runs';

/** Names of the two checkpoints whose results a run has. */
export const weightsTitle: Readonly<Record<WeightsChoice, string>> = {
  last: 'last epoch',
  selected: 'best checkpoint',
};
