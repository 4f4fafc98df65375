import { type Issue, throwIssues } from '@nonlocal-med/core';
import { modelWeights } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The values of a weight, outside of the backend. */
export interface WeightValue {
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly data: Float32Array;
}

/** Values of weights by name. */
export type WeightValues = ReadonlyMap<string, WeightValue>;

/** A weight that is still in the backend and read when it is needed, so that a large state is never in memory twice. */
export interface LiveWeight {
  readonly shape: readonly number[];
  /** A copy of its values. */
  readonly data: () => Promise<Float32Array>;
}

/** Live weights by name. */
export type LiveWeights = ReadonlyMap<string, LiveWeight>;

/** A weight under the name that it has in checkpoints. */
export interface NamedWeight {
  readonly name: string;
  readonly variable: tf.Variable;
  /** Factor on its learning rate; default 1. */
  readonly rate?: number;
}

/** All weights of a model, running statistics included. */
export function namedWeights(model: LayersModel): (NamedWeight & { trainable: boolean })[] {
  return modelWeights(model).map(({ name, variable, trainable }) => ({
    name,
    variable: variable.read() as tf.Variable,
    trainable,
  }));
}

/** All weights of a model, running statistics included, to be read later. */
export function liveWeights(model: LayersModel): LiveWeights {
  return new Map(namedWeights(model).map(({ name, variable }) => [name, liveWeight(variable)]));
}

/** A tensor as a weight that is read later. */
export function liveWeight(tensor: tf.Tensor): LiveWeight {
  return {
    shape: [...tensor.shape],
    data: async () => Float32Array.from(await tensor.data<'float32'>()),
  };
}

/** Copies of all weights of a model, running statistics included; {@link restoreWeights} is the inverse. */
export function snapshotWeights(model: LayersModel): Promise<WeightValues> {
  return readWeights(liveWeights(model));
}

/** Reads live weights. */
export async function readWeights(weights: LiveWeights): Promise<WeightValues> {
  const values = new Map<string, WeightValue>();
  for (const [name, { shape, data }] of weights) values.set(name, { shape, data: await data() });
  return values;
}

/**
 * Puts weights back into the model that they came from, or another one with the same architecture.
 * @throws InputError that names every weight that is missing, unknown or of another shape; the model is unchanged then.
 */
export function restoreWeights(model: LayersModel, values: WeightValues): void {
  const weights = namedWeights(model);
  const issues: Issue[] = [];
  for (const { name, variable } of weights) {
    const value = values.get(name);
    if (value === undefined)
      issues.push({ path: name, message: 'the checkpoint does not have this weight' });
    else if (!tf.util.arraysEqual([...value.shape], variable.shape))
      issues.push({
        path: name,
        message: `shape [${value.shape.join(', ')}] in the checkpoint`,
        hint: `the model has [${variable.shape.join(', ')}]`,
      });
  }
  const known = new Set(weights.map(({ name }) => name));
  for (const name of values.keys())
    if (!known.has(name))
      issues.push({ path: name, message: 'the model does not have this weight' });
  throwIssues(issues);

  for (const { name, variable } of weights) {
    const { data, shape } = values.get(name)!;
    tf.tidy(() => variable.assign(tf.tensor(data.slice(), [...shape], 'float32')));
  }
}
