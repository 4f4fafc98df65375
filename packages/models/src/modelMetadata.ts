import type { Preprocessing, Task } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ResolvedModelOptions } from './modelOptions.js';

/** What a model records about itself, in memory and in `model.json` (`userDefinedMetadata`). */
export interface ModelMetadata {
  readonly model: string;
  /** What the outputs are; absent: `multiclass`. */
  readonly task?: Task;
  readonly options: ResolvedModelOptions;
  /** Names of the classes or findings in the order of the outputs; exported models only. */
  readonly labels?: readonly string[];
  /** Preprocessing of the images; an exported model does the last step, normalization, itself. */
  readonly preprocessing?: Preprocessing;
}

/** The metadata of a model from `createModel` or `tf.loadLayersModel`; undefined for models of other origin. */
export function modelMetadata(model: LayersModel): ModelMetadata | undefined {
  const metadata = model.getUserDefinedMetadata() as Partial<ModelMetadata> | undefined;
  return typeof metadata?.model === 'string' && typeof metadata.options === 'object'
    ? (metadata as ModelMetadata)
    : undefined;
}
