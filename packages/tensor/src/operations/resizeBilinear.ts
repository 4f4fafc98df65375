import type * as tf from '@tensorflow/tfjs-core';
import { applyAlongAxes, type Matrix } from './applyAlongAxes.js';

/**
 * Bilinear interpolation as `torch.nn.functional.interpolate(..., mode='bilinear', align_corners=False)`, without
 * antialiasing (spec 5.2). TF.js' own has another default and a wrong gradient (spec 12.1).
 * @param x [B, H, W, C]
 * @param size [h, w] of the output
 * @returns [B, h, w, C]
 * @throws RangeError if a size is not a positive integer
 */
export function resizeBilinear(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
): tf.Tensor4D {
  return applyAlongAxes(
    x,
    interpolationMatrix(x.shape[1], height),
    interpolationMatrix(x.shape[2], width),
  );
}

/** Each output position mixes at most two input positions. */
function interpolationMatrix(length: number, count: number): Matrix {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`an output size must be an integer of at least 1, not ${count}`);
  const values = new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    const position = Math.max((i + 0.5) * (length / count) - 0.5, 0);
    const before = Math.floor(position);
    const after = Math.min(before + 1, length - 1);
    values[i * length + before] += 1 - (position - before);
    values[i * length + after] += position - before;
  }
  return { rows: count, columns: length, values };
}
