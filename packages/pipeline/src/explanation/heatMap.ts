import type { Pixels } from '@nonlocal-med/core';
import { resizeArea } from '@nonlocal-med/data';

/** A map [height * width] in grey, 255 at its maximum, of at most `longest` pixels a side. */
export function heatMap(
  map: Float32Array,
  { height, width, longest = 64 }: { height: number; width: number; longest?: number },
): Pixels {
  const shrink = Math.min(1, longest / Math.max(height, width));
  const size = [
    Math.max(1, Math.round(height * shrink)),
    Math.max(1, Math.round(width * shrink)),
  ] as const;
  const small = resizeArea(grey(map, height, width), size);
  return grey(Float32Array.from(small.data), ...size);
}

function grey(values: Float32Array, height: number, width: number): Pixels {
  const maximum = values.reduce((largest, value) => Math.max(largest, value), 0);
  return {
    data: Uint8Array.from(values, (value) =>
      maximum > 0 ? Math.round((255 * Math.max(0, value)) / maximum) : 0,
    ),
    height,
    width,
    channels: 1,
  };
}
