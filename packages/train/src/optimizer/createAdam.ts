import { createFusedAdam } from '@nonlocal-med/tensor';
import type { NamedWeight } from '../weights/namedWeights.js';
import { fusedAdam } from './fusedAdam.js';
import type { AdamOptions, Optimizer } from './optimizer.js';
import { portableAdam } from './portableAdam.js';

/** PyTorch's Adam for these weights: the fused kernel where the backend has one, TF.js operations elsewhere. */
export function createAdam(weights: readonly NamedWeight[], options: AdamOptions): Optimizer {
  const fused = createFusedAdam(
    weights.map(({ variable }) => variable),
    options,
  );
  return fused === null ? portableAdam(weights, options) : fusedAdam(weights, fused);
}
