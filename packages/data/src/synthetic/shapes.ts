import type { Random } from '@nonlocal-med/core';

/** Where a vessel begins and how it runs; lengths in pixels, angles in radians. */
interface Vessel {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** Turn over one image width. */
  readonly bend: number;
  readonly width: number;
  readonly depth: number;
  readonly length: number;
}

/** The circle that vessels end at. */
export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

const FORKS_PER_IMAGE_WIDTH = 5;

/**
 * A walk in steps of 0.4 widths that turns by `bend` and at random, tapers to half its width, and forks until `forks`
 * levels are used up.
 */
export function drawVessel(
  plane: Plane,
  random: Random,
  vessel: Vessel,
  { field, forks }: { readonly field: Circle; readonly forks: number },
): void {
  const { size } = plane;
  const step = Math.max(0.5, 0.4 * vessel.width);
  const steps = Math.floor(vessel.length / step);
  let { x, y, angle } = vessel;
  let turn = 0;
  for (let i = 0; i < steps; i++) {
    const done = i / steps;
    const radius = 0.5 * vessel.width * (1 - 0.5 * done);
    stampDisc(plane, { x, y, radius, depth: vessel.depth * (1 - 0.3 * done) });
    turn = 0.9 * turn + (random.normal(0, 0.35) * step) / size;
    angle += (vessel.bend * step) / size + turn;
    x += step * Math.cos(angle);
    y += step * Math.sin(angle);
    if ((x - field.x) ** 2 + (y - field.y) ** 2 > field.radius ** 2) return;
    if (forks > 0 && random.chance((FORKS_PER_IMAGE_WIDTH * step) / size)) {
      const side = random.chance(0.5) ? 1 : -1;
      const branch: Vessel = {
        x,
        y,
        angle: angle + side * random.uniform(0.4, 0.9),
        bend: random.uniform(-1, 1),
        width: 1.4 * radius,
        depth: vessel.depth * 0.9,
        length: (vessel.length - i * step) * random.uniform(0.35, 0.75),
      };
      drawVessel(plane, random, branch, { field, forks: forks - 1 });
    }
  }
}

/** A ragged soft spot; lengths in pixels, the phases in radians shape its outline. */
interface Blotch {
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

/** A disc with a rim that falls off over one pixel; lengths in pixels. */
interface Disc {
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

/** A place in the inner part of the field, every area alike. */
export function randomPointIn(
  random: Random,
  field: Circle,
  share: number,
): { x: number; y: number } {
  const angle = random.uniform(0, 2 * Math.PI);
  const distance = Math.sqrt(random.uniform()) * share * field.radius;
  return { x: field.x + distance * Math.cos(angle), y: field.y + distance * Math.sin(angle) };
}

/** A square plane of values, row-major. */
export interface Plane {
  readonly size: number;
  readonly data: Float32Array;
}

export function emptyPlane(size: number): Plane {
  return { size, data: new Float32Array(size * size) };
}
