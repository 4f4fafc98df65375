import type { LayersModel } from '@tensorflow/tfjs-layers';
import { copyWeights } from './copyWeights.js';
import { liveWeights } from './liveWeights.js';
import type { WeightValues } from './weightValues.js';

/** Copies of all weights of a model, running statistics included. */
export function snapshotWeights(model: LayersModel): Promise<WeightValues> {
  return copyWeights(liveWeights(model));
}
