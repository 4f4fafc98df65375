import type { Random } from '@nonlocal-med/core';
import { emptyPlane, type Plane } from './shapes.js';

/** Normal noise on cells x cells points, enlarged to a plane by {@link enlargeCubic}: blotches the size of a cell. */
export function smoothNoise(
  random: Random,
  size: number,
  { cells, std }: { readonly cells: number; readonly std: number },
): Plane {
  const coarse = emptyPlane(cells);
  for (let i = 0; i < coarse.data.length; i++) coarse.data[i] = random.normal(0, std);
  return enlargeCubic(coarse, size);
}

/** Cubic convolution with A = -0.75, repeated edges and half-pixel centers (OpenCV's INTER_CUBIC). */
export function enlargeCubic(coarse: Plane, size: number): Plane {
  const cells = coarse.size;
  const weights = Array.from({ length: size }, (_, i) =>
    cubicWeights(((i + 0.5) * cells) / size - 0.5, cells),
  );
  const rows = new Float64Array(size * cells); // [size, cells]
  weights.forEach(({ index, weight }, y) => {
    for (let x = 0; x < cells; x++)
      for (let k = 0; k < 4; k++)
        rows[y * cells + x] += coarse.data[index[k] * cells + x] * weight[k];
  });
  const fine = emptyPlane(size);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const { index, weight } = weights[x];
      const row = y * cells;
      fine.data[i] =
        rows[row + index[0]] * weight[0] +
        rows[row + index[1]] * weight[1] +
        rows[row + index[2]] * weight[2] +
        rows[row + index[3]] * weight[3];
    }
  }
  return fine;
}

/** The four cells around a position and their weights. */
function cubicWeights(position: number, cells: number): { index: number[]; weight: number[] } {
  const A = -0.75;
  const start = Math.floor(position);
  const t = position - start;
  const near = (d: number): number => ((A + 2) * d - (A + 3)) * d * d + 1;
  const far = (d: number): number => ((A * d - 5 * A) * d + 8 * A) * d - 4 * A;
  return {
    index: [-1, 0, 1, 2].map((k) => Math.min(Math.max(start + k, 0), cells - 1)),
    weight: [far(1 + t), near(t), near(1 - t), far(2 - t)],
  };
}
