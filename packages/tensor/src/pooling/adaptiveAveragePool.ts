import type * as tf from '@tensorflow/tfjs-core';
import { applyAlongAxes, type Matrix } from '../resize/applyAlongAxes.js';
import { bins } from '../resize/bins.js';

/**
 * Mean of each of PyTorch's adaptive bins (`torch.nn.functional.adaptive_avg_pool2d`, spec 5.1).
 * @param x [B, H, W, C]
 * @param size [h, w] of the output, smaller or larger than the input
 * @returns [B, h, w, C]
 */
export function adaptiveAveragePool(x: tf.Tensor4D, [height, width]: readonly [number, number]): tf.Tensor4D {
  return applyAlongAxes(x, averages(x.shape[1], height), averages(x.shape[2], width));
}

function averages(length: number, count: number): Matrix {
  const values = new Float32Array(count * length);
  bins(length, count).forEach(({ start, end }, row) => values.fill(1 / (end - start), row * length + start, row * length + end));
  return { rows: count, columns: length, values };
}
