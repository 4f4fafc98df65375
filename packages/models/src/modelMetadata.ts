import type { Preprocessing } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { CheckedModel } from './checkModelOptions.js';
import type { ResolvedModelOptions } from './options/modelOptions.js';

/** What a model says of itself, in memory and in `model.json` (`userDefinedMetadata`). */
export interface ModelMetadata {
  readonly model: string;
  readonly options: ResolvedModelOptions;
  /** Class names in the order of the outputs; exported models only. */
  readonly labels?: readonly string[];
  /** What happens to an image before the model; an exported model does the last step, normalisation, itself. */
  readonly preprocessing?: Preprocessing;
}

/** The metadata of a model that was just made. */
export function describeOrigin({ name, options }: CheckedModel): ModelMetadata {
  return { model: name, options };
}

/** The metadata of a model from {@link createModel} or `tf.loadLayersModel`; undefined for foreign models. */
export function modelMetadata(model: LayersModel): ModelMetadata | undefined {
  const metadata = model.getUserDefinedMetadata() as Partial<ModelMetadata> | undefined;
  return typeof metadata?.model === 'string' && typeof metadata.options === 'object'
    ? (metadata as ModelMetadata)
    : undefined;
}
