import type { Random } from '@nonlocal-med/core';
import { enlargeCubic } from './enlargeCubic.js';
import { emptyPlane, type Plane } from './plane.js';

/** Normal noise on cells x cells points, enlarged to a plane by {@link enlargeCubic}: blotches of a cell's size. */
export function smoothNoise(
  random: Random,
  size: number,
  { cells, deviation }: { readonly cells: number; readonly deviation: number },
): Plane {
  const coarse = emptyPlane(cells);
  for (let i = 0; i < coarse.data.length; i++) coarse.data[i] = random.normal(0, deviation);
  return enlargeCubic(coarse, size);
}
