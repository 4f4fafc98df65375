import type * as tf from '@tensorflow/tfjs-core';
import { applyAlongAxes, type Matrix } from '../resize/applyAlongAxes.js';
import { type Bin, type BinRule, bins } from '../resize/bins.js';

/**
 * Mean of each of PyTorch's adaptive bins (`torch.nn.functional.adaptive_avg_pool2d`, spec 5.1).
 * @param x [B, H, W, C]
 * @param size [h, w] of the output, smaller or larger than the input
 * @param options bins: `plain` for windows of one size at one stride (`torch.nn.functional.avg_pool2d`); then not larger
 * @returns [B, h, w, C]
 */
export function adaptiveAveragePool(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  { bins: rule = 'adaptive' }: { bins?: BinRule } = {},
): tf.Tensor4D {
  return applyAlongAxes(
    x,
    averages(bins(x.shape[1], height, rule), x.shape[1]),
    averages(bins(x.shape[2], width, rule), x.shape[2]),
  );
}

function averages(all: readonly Bin[], length: number): Matrix {
  const values = new Float32Array(all.length * length);
  all.forEach(({ start, end }, row) =>
    values.fill(1 / (end - start), row * length + start, row * length + end),
  );
  return { rows: all.length, columns: length, values };
}
