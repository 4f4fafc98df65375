import type { Issue } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainOptions } from './trainOptions.js';

type Layer = LayersModel['layers'][number];

/** The training options that treat the stages of a model differently. */
export type StageOptions = Pick<
  TrainOptions,
  'epochs' | 'freezeStages' | 'headEpochs' | 'layerDecay'
>;

/** How a model is trained by stages: those of its backbone, from the input on, then all other layers, the head. */
export interface ModelStages {
  /** Factor on the learning rate of a layer's weights: `layerDecay` for each stage between it and the head, one included. */
  rateOf(layer: Layer): number;
  /** Layers that are not trained in an epoch, counted from 0. */
  frozenIn(epoch: number): readonly Layer[];
}

/**
 * @param stages names of the layers of each stage, from the input on
 */
export function modelStages(
  model: LayersModel,
  stages: readonly (readonly string[])[] = [],
  { freezeStages, headEpochs, layerDecay }: StageOptions,
): ModelStages {
  const backbone = stages.map((names) => {
    const known = new Set(names);
    return model.layers.filter(({ name }) => known.has(name));
  });
  const stageOf = new Map(
    backbone.flatMap((layers, stage) => layers.map((layer) => [layer, stage] as const)),
  );
  return {
    rateOf: (layer) => layerDecay ** (backbone.length - (stageOf.get(layer) ?? backbone.length)),
    frozenIn: (epoch) =>
      backbone.slice(0, epoch < headEpochs ? backbone.length : freezeStages).flat(),
  };
}

/** Issues of options for the stages of a model that it does not have. */
export function stageIssues(
  model: LayersModel,
  stages: readonly (readonly string[])[] | undefined,
  options: StageOptions,
): Issue[] {
  const { freezeStages, headEpochs, layerDecay } = options;
  const known = new Set(model.layers.map(({ name }) => name));
  const unknown = (stages ?? []).flat().filter((name) => !known.has(name));
  if (unknown.length > 0)
    return [
      {
        path: 'stages',
        message: `the model has no layer ${unknown.map((name) => `"${name}"`).join(', ')}`,
        hint: 'names of its layers',
      },
    ];
  const used = Object.entries({
    freezeStages: freezeStages > 0,
    headEpochs: headEpochs > 0,
    layerDecay: layerDecay !== 1,
  }).flatMap(([path, given]) => (given ? [path] : []));
  if (stages === undefined)
    return used.map((path) => ({
      path,
      message: 'needs the stages of the model',
      hint: 'give them as `stages`, as backboneStages of @nonlocal-med/models lists them',
    }));
  if (freezeStages > stages.length)
    return [
      {
        path: 'freezeStages',
        message: `got ${freezeStages}`,
        hint: `at most ${stages.length}, the stages of the model's backbone`,
      },
    ];
  return [];
}

/**
 * Keeps layers as they are: their weights are not trained, and they compute as they do after training, so that batch
 * normalization uses its running statistics and leaves them as they are.
 * @returns a function that undoes it
 */
export function freezeLayers(layers: readonly Layer[]): () => void {
  const undo = layers.map((layer) => {
    const { trainable } = layer;
    const call = layer.call.bind(layer);
    layer.trainable = false;
    layer.call = (inputs, kwargs) => call(inputs, { ...kwargs, training: false });
    return () => {
      layer.trainable = trainable;
      delete (layer as Partial<Layer>).call; // the method of its class again
    };
  });
  return () => undo.toReversed().forEach((restore) => restore());
}
