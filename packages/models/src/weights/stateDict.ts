import { type ModelWeight, modelWeights, type StoredTensor } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * A model's weights and running statistics under their PyTorch names, in PyTorch's layouts and in the model's order:
 * `torch.nn.Module.state_dict` without `num_batches_tracked`.
 */
export function stateDict(model: LayersModel): Map<string, StoredTensor> {
  return new Map(
    modelWeights(model).map((weight) => {
      const { shape, toTorch } = torchLayout(weight);
      return [
        weight.key,
        { dtype: 'F32', shape, data: toTorch(weight.variable.read().dataSync<'float32'>()) },
      ];
    }),
  );
}

/**
 * The layout of a weight in PyTorch (docs/specification.md, section 2.4): convolution HWIO -> OIHW, depthwise
 * [h, w, C, 1] -> [C, 1, h, w], linear [in, out] -> [out, in], everything else unchanged.
 */
export interface TorchLayout {
  readonly shape: readonly number[];
  readonly toTorch: (values: Float32Array) => Float32Array;
  readonly fromTorch: (values: Float32Array) => Float32Array;
}

/** How one weight is stored in PyTorch. */
export function torchLayout({ layer, variable }: ModelWeight): TorchLayout {
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

/** For each axis in PyTorch, the axis here; undefined where the layouts agree. */
function torchOrder(rank: number, depthwise: boolean): number[] | undefined {
  if (rank === 4) return depthwise ? [2, 3, 0, 1] : [3, 2, 0, 1];
  return rank === 2 ? [1, 0] : undefined;
}

/** Row-major values of rank 2 or 4 with their axes in another order: result axis i is the source's axis `order[i]`. */
function permute(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) => tf.util.sizeFromShape(shape.slice(axis + 1)));
  const missing = 4 - order.length;
  const [a, b, c, d] = [...Array<number>(missing).fill(1), ...order.map((axis) => shape[axis])];
  const steps = [...Array<number>(missing).fill(0), ...order.map((axis) => strides[axis])];
  const result = new Float32Array(values.length);
  let written = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++) {
        let at = i * steps[0] + j * steps[1] + k * steps[2];
        for (let l = 0; l < d; l++, at += steps[3]) result[written++] = values[at];
      }
  return result;
}
