import type { Pixels } from '@nonlocal-med/core';

/**
 * A lesion mask at another size: 0 or 1, [height * width]. An axis that shrinks keeps every lesion pixel (its place is the
 * new pixel that its centre falls in), so that a lesion of one pixel does not vanish; one that grows takes the nearest.
 */
export function resizeMask(
  mask: Pixels,
  [height, width]: readonly [height: number, width: number],
): Uint8Array {
  const rows = sources(mask.height, height);
  const columns = sources(mask.width, width);
  const result = new Uint8Array(height * width);
  const { data, channels } = mask;
  const isLesion = (row: number, column: number): boolean => {
    const at = (row * mask.width + column) * channels;
    return data[at] > 0 || (channels === 3 && (data[at + 1] > 0 || data[at + 2] > 0));
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      result[y * width + x] = rows[y].some((row) =>
        columns[x].some((column) => isLesion(row, column)),
      )
        ? 1
        : 0;
  }
  return result;
}

/** The old places that each new place of an axis stands for. */
function sources(from: number, to: number): number[][] {
  if (to >= from)
    return Array.from({ length: to }, (_, place) => [Math.floor(((place + 0.5) * from) / to)]);
  const places: number[][] = Array.from({ length: to }, () => []);
  for (let old = 0; old < from; old++) places[Math.floor(((old + 0.5) * to) / from)].push(old);
  return places;
}
