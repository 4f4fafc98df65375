import { writeSafetensors } from '@nonlocal-med/tensor';
import type { WeightValues } from '../weights/weightValues.js';

/** Named groups of weights as the bytes of one safetensors file; a name in it is `group` + name. */
export function encodeWeights(groups: Readonly<Record<string, WeightValues>>): Uint8Array {
  const tensors = Object.entries(groups).flatMap(([group, values]) => [...values].map(([name, { shape, data }]) => [`${group}${name}`, { dtype: 'F32', shape, data }] as const));
  return writeSafetensors(new Map(tensors));
}
