import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, Shape } from '@tensorflow/tfjs-layers';
import { buildModel, checkModelOptions } from './createModel.js';
import { explanationLayers } from './explanationLayers.js';
import type { ModelOptions, ResolvedModelOptions } from './modelOptions.js';
import { modelRegistry } from './modelRegistry.js';

/** What a model is, without its weights. */
export interface ModelDescription {
  readonly name: string;
  /** Backbone and extension in words. */
  readonly description: string;
  /** Number of trained weights, without running statistics as in PyTorch. */
  readonly parameters: number;
  /** Multiply-adds of convolutions, linear layers and attention, per image. */
  readonly operations: number;
  /** Named stages and the shapes of their outputs. */
  readonly features: readonly {
    readonly layer: string;
    readonly shape: readonly [height: number, width: number, channels: number];
  }[];
  /** Layers for Grad-CAM, the default first. */
  readonly explanationLayers: readonly string[];
  readonly options: ResolvedModelOptions;
}

const STAGES = ['stem', 'e1', 'e2', 'e3', 'e4', 'nam', 'fused'];

/**
 * Parameters, operations and feature sizes of a model at an input size (default 386 x 386, the paper's).
 * @throws InputError with all issues of name and options.
 */
export function describeModel(
  name: string,
  { inputSize = 386, ...options }: ModelOptions,
): ModelDescription {
  const checked = checkModelOptions(name, { inputSize, ...options });
  const model = buildModel(checked, { initialize: false });
  try {
    return {
      name,
      description: modelRegistry.get(checked.name).description,
      parameters: model.trainableWeights.reduce(
        (total, { shape }) => total + tf.util.sizeFromShape(shape as number[]),
        0,
      ),
      operations: model.layers.reduce((total, layer) => total + layerOperations(layer), 0),
      features: STAGES.flatMap((stage) => model.layers.filter((layer) => layer.name === stage)).map(
        (layer) => ({
          layer: layer.name,
          shape: (layer.outputShape as number[]).slice(1) as [number, number, number],
        }),
      ),
      explanationLayers: explanationLayers(model),
      options: checked.options,
    };
  } finally {
    model.dispose();
  }
}

/** A layer that knows its cost. */
interface CountedLayer {
  operations(inputShape: Shape): number;
}

/** Multiply-adds per image of one layer; layers without `operations` count as 0. */
function layerOperations(layer: LayersModel['layers'][number]): number {
  const inputShape = layer.inboundNodes[0]?.inputShapes[0] as Shape | undefined;
  if (inputShape === undefined || !('operations' in layer)) return 0;
  return (layer as unknown as CountedLayer).operations(inputShape);
}
