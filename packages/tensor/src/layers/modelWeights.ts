import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';

/** One weight of a model under its names. */
export interface ModelWeight {
  /** The reference (PyTorch) key: layer name + '.' + weight name, e.g. `layer1.0.conv1.weight`. */
  readonly key: string;
  /**
   * The name in a checkpoint: the one that the layer gave (`originalName`; the unique `name` depends on how many models
   * the process has created). A repeated one gets `#2`, `#3`, ...
   */
  readonly name: string;
  readonly layer: LayersModel['layers'][number];
  readonly variable: LayerVariable;
  /** False for running statistics and weights of frozen layers. */
  readonly trainable: boolean;
}

/** All weights of a model, layer by layer, running statistics included. */
export function modelWeights(model: LayersModel): ModelWeight[] {
  const trainable = new Set(model.trainableWeights.map(({ id }) => id));
  const counts = new Map<string, number>();
  return model.layers.flatMap((layer) =>
    layer.weights.map((variable) => {
      const { originalName } = variable;
      const count = (counts.get(originalName) ?? 0) + 1;
      counts.set(originalName, count);
      return {
        key: `${layer.name}.${originalName.slice(originalName.lastIndexOf('/') + 1)}`,
        name: count === 1 ? originalName : `${originalName}#${count}`,
        layer,
        variable,
        trainable: trainable.has(variable.id),
      };
    }),
  );
}
