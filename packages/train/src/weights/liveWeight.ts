import type { Tensor } from '@tensorflow/tfjs-core';
import type { LiveWeight } from './weightValues.js';

/** A tensor as a weight to be read later; the reading is a copy. */
export function liveWeight(tensor: Tensor): LiveWeight {
  return {
    shape: [...tensor.shape],
    data: async () => Float32Array.from(await tensor.data<'float32'>()),
  };
}
