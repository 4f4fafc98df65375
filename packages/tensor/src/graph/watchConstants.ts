import type { NodeBackend, NodeBinding } from '../native/nodeBackend.js';

/**
 * Runs a computation and notes, as a hash each, the numbers that JavaScript hands to TensorFlow on its way: constants of a
 * graph, and other ones at every call where they are random.
 */
export function watchConstants<Results>(
  backend: NodeBackend,
  compute: () => Results,
): { results: Results; constants: number[] } {
  const { binding } = backend;
  const constants: number[] = [];
  backend.binding = Object.create(binding, {
    createTensor: {
      value(shape: number[], dtype: number, values: ArrayLike<number>) {
        constants.push(hash(values));
        return binding.createTensor(shape, dtype, values);
      },
    },
  }) as NodeBinding;
  try {
    return { results: compute(), constants };
  } finally {
    backend.binding = binding;
  }
}

/** FNV-1a over the words of the numbers in float64, which holds every float32 and int32 as it is. */
function hash(values: ArrayLike<number>): number {
  const words = new Uint32Array(Float64Array.from(values).buffer);
  let result = 0x811c9dc5;
  for (const word of words) result = Math.imul(result ^ word, 0x01000193);
  return result;
}
