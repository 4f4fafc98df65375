import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Layers that reduce the last map before the classifier. */
const REDUCTIONS = ['GlobalAveragePooling', 'TorchFlatten'];

/**
 * Layers to which Grad-CAM can be applied, the default first (docs/specification.md, section 11): the map that is
 * classified, then `e4` (which does not see the attention branch) and `nam` (high resolution) where the model has them.
 */
export function explanationLayers(model: LayersModel): string[] {
  const reduction = model.layers.findLast((layer) => REDUCTIONS.includes(layer.getClassName()));
  let last = reduction?.inboundNodes[0].inboundLayers[0];
  if (last?.getClassName() === 'ChannelDropout') last = last.inboundNodes[0].inboundLayers[0];
  const present = ['e4', 'nam'].filter((name) => model.layers.some((layer) => layer.name === name));
  return [...new Set([...(last === undefined ? [] : [last.name]), ...present])];
}
