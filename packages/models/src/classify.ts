import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { GlobalAveragePooling } from './layers/globalAveragePooling.js';
import { Linear } from './layers/linear.js';
import { TorchFlatten } from './layers/torchFlatten.js';
import type { VariationContext } from './variations/variation.js';

/** From the last map to logits: mean or flattening, then `fc`. */
export function classify(
  x: SymbolicTensor,
  { options: { head, classes }, seed }: VariationContext,
): SymbolicTensor {
  const pooling =
    head === 'flatten'
      ? new TorchFlatten({ name: 'flatten' })
      : new GlobalAveragePooling({ name: 'gap' });
  return new Linear({ name: 'fc', units: classes, seed }).apply(pooling.apply(x)) as SymbolicTensor;
}
