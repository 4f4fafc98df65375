import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';

export interface KeyedWeight {
  /** The reference (PyTorch) name: layer name + '.' + weight name. */
  readonly key: string;
  readonly layer: LayersModel['layers'][number];
  readonly variable: LayerVariable;
}

/** Every weight of a model with its reference name, layer by layer. */
export function weightKeys(model: LayersModel): KeyedWeight[] {
  return model.layers.flatMap((layer) =>
    layer.weights.map((variable) => ({
      key: `${layer.name}.${variable.originalName.slice(variable.originalName.lastIndexOf('/') + 1)}`,
      layer,
      variable,
    })),
  );
}
