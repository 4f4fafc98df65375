import type { WeightsChoice } from '../../run/weightsChoice.js';

/** What the weights are called in text. */
export const weightsTitle: Readonly<Record<WeightsChoice, string>> = {
  last: 'last epoch',
  selected: 'selected epoch',
};
