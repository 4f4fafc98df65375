import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';

export type Layer = layers.Layer;

/** Applies layers one after the other, as `torch.nn.Sequential`; the first may take several inputs. */
export function sequential(
  inputs: SymbolicTensor | SymbolicTensor[],
  ...chain: readonly Layer[]
): SymbolicTensor {
  return chain.reduce((x, layer) => layer.apply(x) as SymbolicTensor, inputs) as SymbolicTensor;
}
