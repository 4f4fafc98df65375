import { headOptions } from '../options/headOptions.js';
import type { Variation } from './variation.js';

/** The backbone as torchvision has it. */
export const plain: Variation = {
  description: 'the backbone alone',
  options: headOptions,
  hooks: () => ({}),
};
