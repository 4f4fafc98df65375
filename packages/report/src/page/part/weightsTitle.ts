import type { WeightsChoice } from '@nonlocal-med/runs';

/** What the weights are called in text. */
export const weightsTitle: Readonly<Record<WeightsChoice, string>> = {
  last: 'last epoch',
  selected: 'selected epoch',
};
