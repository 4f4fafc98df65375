import { NonLocalContextFusion } from '@nonlocal-med/nonlocal';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { z } from 'zod';
import type { BuildOptions } from '../backbones/backbone.js';
import { sequential } from '../layers/sequential.js';
import type { OptionFields } from '../modelOptions.js';
import { classificationHead } from './classificationHead.js';
import { type FusionChoices, fusionOptions } from './nam.js';

/**
 * A variant of ours, not of the paper: the full method without its attention. An early map of the backbone itself is
 * resized and joined with encoder 4, which keeps what only the early map shows (docs/study.md: in our study this, and not
 * the attention, is what helps).
 */
export function earlyFusion(image: SymbolicTensor, options: BuildOptions): SymbolicTensor {
  const { fuseAt, fusion, pools } = options;
  const maps = options.backbone(image, { ...options, until: 'e4' });
  const fused = sequential(
    [maps.e4, maps[fuseAt]],
    new NonLocalContextFusion({ name: 'fused', operators: fusion, pools }),
  ); // e.g. [B, H/32, W/32, 512 + 3 * 128]
  return classificationHead(fused, options);
}

/** Options of {@link earlyFusion}. */
export function earlyFusionOptions(choices: FusionChoices): OptionFields {
  return {
    fuseAt: z
      .enum(['conv1', 'stem', 'e1', 'e2', 'e3'])
      .default('e2')
      .describe(
        "Feature map that is joined with encoder 4: before the pooling, after it, or an encoder's.",
      ),
    ...fusionOptions(choices),
  };
}
