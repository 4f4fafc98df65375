import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A weight of a model under the name that it has in a checkpoint. */
export interface NamedWeight {
  readonly name: string;
  readonly variable: Variable;
  readonly trainable: boolean;
}

/** What TF.js calls a LayerVariable; the package does not export its type. */
type LayerVariable = LayersModel['weights'][number];

/**
 * All weights of a model in its own order, running statistics included. A name is the one that the layer gave
 * (`originalName`: the unique `name` depends on how many models the process has made); a repeated one gets `#2`, `#3`.
 */
export function namedWeights(model: LayersModel): NamedWeight[] {
  const trainable = new Set(model.trainableWeights.map((weight) => weight.id));
  const seen = new Map<string, number>();
  return model.weights.map((weight: LayerVariable) => {
    const count = (seen.get(weight.originalName) ?? 0) + 1;
    seen.set(weight.originalName, count);
    const name = count === 1 ? weight.originalName : `${weight.originalName}#${count}`;
    return { name, variable: weight.read() as Variable, trainable: trainable.has(weight.id) };
  });
}
