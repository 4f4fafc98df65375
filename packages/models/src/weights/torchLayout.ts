import { permute } from './permute.js';
import type { KeyedWeight } from './weightKeys.js';

/**
 * How a weight of ours lies in PyTorch (spec 2.4): convolution HWIO -> OIHW, depthwise [h, w, C, 1] -> [C, 1, h, w],
 * linear [in, out] -> [out, in], all else as it is.
 */
export interface TorchLayout {
  readonly shape: readonly number[];
  readonly toTorch: (values: Float32Array) => Float32Array;
  readonly fromTorch: (values: Float32Array) => Float32Array;
}

export function torchLayout({ layer, variable }: KeyedWeight): TorchLayout {
  const shape = variable.shape as number[];
  const order = torchOrder(shape.length, layer.getClassName() === 'DepthwiseConvolution');
  if (order === undefined)
    return { shape, toTorch: (values) => values, fromTorch: (values) => values };
  const torchShape = order.map((axis) => shape[axis]);
  const back = shape.map((_, axis) => order.indexOf(axis));
  return {
    shape: torchShape,
    toTorch: (values) => permute(values, shape, order),
    fromTorch: (values) => permute(values, torchShape, back),
  };
}

/** Our axis at each of PyTorch's. */
function torchOrder(rank: number, depthwise: boolean): number[] | undefined {
  if (rank === 4) return depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1];
  return rank === 2 ? [1, 0] : undefined;
}
