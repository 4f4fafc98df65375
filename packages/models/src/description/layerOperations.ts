import { NonLocalAttention } from '@nonlocal-med/nonlocal';
import type { LayersModel, Shape } from '@tensorflow/tfjs-layers';
import { attentionOperations } from './attentionOperations.js';

/** A layer that knows its cost. */
interface Counted {
  operations(inputShape: Shape): number;
}

/** Multiply-adds an image of a layer in a model: convolutions, linear layers, attention; all else counts as nothing. */
export function layerOperations(layer: LayersModel['layers'][number]): number {
  const inputShape = layer.inboundNodes[0]?.inputShapes[0] as Shape | undefined;
  if (inputShape === undefined) return 0;
  if (layer instanceof NonLocalAttention) return attentionOperations(layer, inputShape);
  return 'operations' in layer ? (layer as unknown as Counted).operations(inputShape) : 0;
}
