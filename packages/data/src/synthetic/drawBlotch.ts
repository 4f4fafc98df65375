import type { Plane } from './plane.js';

/** A ragged soft spot; lengths in pixels, the phases in radians shape its outline. */
export interface Blotch {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly phases: readonly [number, number];
  readonly depth: number;
}

/** Raises the plane to the blotch's depth where it is lower. */
export function drawBlotch({ size, data }: Plane, { x, y, radius, phases, depth }: Blotch): void {
  const softness = 0.012 * size;
  const reach = 1.4 * radius + 6 * softness;
  for (let v = Math.max(0, Math.floor(y - reach)); v <= Math.min(size - 1, y + reach); v++) {
    for (let u = Math.max(0, Math.floor(x - reach)); u <= Math.min(size - 1, x + reach); u++) {
      const angle = Math.atan2(v - y, u - x);
      const rim =
        radius *
        (1 + 0.25 * Math.cos(2 * angle + phases[0]) + 0.12 * Math.cos(3 * angle + phases[1]));
      const value =
        depth / (1 + Math.exp((Math.sqrt((u - x) ** 2 + (v - y) ** 2) - rim) / softness));
      const i = v * size + u;
      if (value > data[i]) data[i] = value;
    }
  }
}
