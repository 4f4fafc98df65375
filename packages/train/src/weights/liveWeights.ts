import type { LayersModel } from '@tensorflow/tfjs-layers';
import { liveWeight } from './liveWeight.js';
import { namedWeights } from './namedWeights.js';
import type { LiveWeights } from './weightValues.js';

/** All weights of a model, running statistics included, to be read later. */
export function liveWeights(model: LayersModel): LiveWeights {
  return new Map(namedWeights(model).map(({ name, variable }) => [name, liveWeight(variable)]));
}
