import { InputError } from '@nonlocal-med/core';
import { readSafetensors } from '@nonlocal-med/tensor';
import type { WeightValue, WeightValues } from '../weights/weightValues.js';

/**
 * The weights of a safetensors file by group, the opposite of `encodeWeights`.
 * @throws InputError when a tensor is in no group or not float32.
 */
export function decodeWeights<G extends string>(
  bytes: Uint8Array,
  groups: readonly G[],
): Record<G, WeightValues> {
  const found = Object.fromEntries(
    groups.map((group) => [group, new Map<string, WeightValue>()]),
  ) as Record<G, Map<string, WeightValue>>;
  for (const [name, { shape, data }] of readSafetensors(bytes, { name: 'checkpoint' })) {
    const group = groups.find((prefix) => name.startsWith(prefix));
    if (group === undefined || !(data instanceof Float32Array))
      throw new InputError({
        path: `checkpoint: ${name}`,
        message: 'is not a float32 weight of a checkpoint',
      });
    found[group].set(name.slice(group.length), { shape, data });
  }
  return found;
}
