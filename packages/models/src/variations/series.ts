import * as tfl from '@tensorflow/tfjs-layers';
import { attentionOptions } from '../options/attentionOptions.js';
import { headOptions } from '../options/headOptions.js';
import { attentionModule } from './attentionModule.js';
import type { Variation } from './variation.js';

/** "+NAM" of the paper's Table 1: x <- x + NAM(x) on the way through the backbone (spec 3.4). */
export const series: Variation = {
  description: 'attention module in series',
  options: {
    ...attentionOptions,
    taps: {
      kind: 'choice',
      choices: ['layers', 'stem'],
      default: 'layers',
      description: 'what counts as encoders 1 to 4',
    },
    seriesMode: {
      kind: 'choice',
      choices: ['add', 'replace'],
      default: 'add',
      description: 'x + NAM(x), or NAM(x) alone',
    },
    ...headOptions,
  },
  hooks: (context) => ({
    after: (position, x) => {
      if (position !== context.attentionPosition) return x;
      const y = attentionModule(x, context);
      return context.options.seriesMode === 'replace'
        ? y
        : (tfl.layers.add({ name: 'nam.add' }).apply([x, y]) as tfl.SymbolicTensor);
    },
  }),
};
