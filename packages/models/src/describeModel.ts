import { assembleModel } from './assembleModel.js';
import { checkModelOptions } from './checkModelOptions.js';
import { explanationLayers } from './description/explanationLayers.js';
import { layerOperations } from './description/layerOperations.js';
import { modelRegistry } from './modelRegistry.js';
import type { ModelOptions, ResolvedModelOptions } from './options/modelOptions.js';

/** What a model is, without its weights. */
export interface ModelDescription {
  readonly name: string;
  /** Backbone and variation in words. */
  readonly description: string;
  /** Trained weights; running statistics are not counted, as in PyTorch. */
  readonly parameters: number;
  /** Multiply-adds of convolutions, linear layers and attention, for one image. */
  readonly operations: number;
  /** Named stages and the shape of their output. */
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
 * Parameters, operations and feature sizes of a model at an input size (386 x 386 where none is given).
 * @throws InputError with all issues of name and options
 */
export function describeModel(
  name: string,
  { inputSize = 386, ...options }: ModelOptions,
): ModelDescription {
  const checked = checkModelOptions(name, { inputSize, ...options });
  const { backbone, variation } = modelRegistry.get(checked.name);
  const model = assembleModel(checked, { initialise: false });
  try {
    return {
      name,
      description: `${backbone.description}, ${variation.description}`,
      parameters: model.trainableWeights.reduce(
        (total, { shape }) =>
          total + (shape as number[]).reduce((product, size) => product * size, 1),
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
