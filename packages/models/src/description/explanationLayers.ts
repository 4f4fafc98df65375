import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What reduces the last map before the classifier. */
const REDUCTIONS = ['GlobalAveragePooling', 'TorchFlatten'];

/**
 * Layers whose output Grad-CAM may look at, the default first (spec section 11): the map that is classified, then `e4`
 * (blind to the attention branch) and `nam` (high resolution) where the model has them.
 */
export function explanationLayers(model: LayersModel): string[] {
  const reduction = model.layers.findLast((layer) => REDUCTIONS.includes(layer.getClassName()));
  let last = reduction?.inboundNodes[0].inboundLayers[0];
  if (last?.getClassName() === 'ChannelDropout') last = last.inboundNodes[0].inboundLayers[0];
  const present = ['e4', 'nam'].filter((name) => model.layers.some((layer) => layer.name === name));
  return [...new Set([...(last === undefined ? [] : [last.name]), ...present])];
}
