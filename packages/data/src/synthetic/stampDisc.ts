import type { Plane } from './plane.js';

/** A disc with a rim that falls off over one pixel; lengths in pixels. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly depth: number;
}

/** Raises the plane to the disc's depth where it is lower. */
export function stampDisc({ size, data }: Plane, { x, y, radius, depth }: Disc): void {
  const reach = Math.ceil(radius + 1.5);
  const column = Math.round(x);
  const row = Math.round(y);
  const right = Math.min(size - 1, column + reach);
  const bottom = Math.min(size - 1, row + reach);
  for (let v = Math.max(0, row - reach); v <= bottom; v++) {
    for (let u = Math.max(0, column - reach); u <= right; u++) {
      const cover = Math.min(radius + 0.5 - Math.sqrt((u - x) * (u - x) + (v - y) * (v - y)), 1);
      const i = v * size + u;
      if (cover * depth > data[i]) data[i] = cover * depth;
    }
  }
}
