import { NonLocalAttention } from '@nonlocal-med/nonlocal';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { VariationContext } from './variation.js';

/** The non-local attention module (NAM) as the layer `nam`. */
export function attentionModule(
  x: SymbolicTensor,
  { options, seed }: VariationContext,
): SymbolicTensor {
  const { mode, scale, residual, subSample } = options;
  return new NonLocalAttention({
    name: 'nam',
    mode,
    scale,
    residual,
    subSample,
    seed: seed ?? 0,
  }).apply(x) as SymbolicTensor;
}
