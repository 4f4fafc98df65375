import type { Random } from '@nonlocal-med/core';

/** A square plane of values, row-major, [size, size]. */
export interface Plane {
  readonly size: number;
  readonly data: Float32Array;
}

export function emptyPlane(size: number): Plane {
  return { size, data: new Float32Array(size * size) };
}

/** A circle; lengths in pixels. */
export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A random point in a circle scaled by `fraction`, uniform over its area. */
export function randomPointIn(
  random: Random,
  circle: Circle,
  fraction: number,
): { x: number; y: number } {
  const angle = random.uniform(0, 2 * Math.PI);
  const distance = Math.sqrt(random.uniform()) * fraction * circle.radius;
  return { x: circle.x + distance * Math.cos(angle), y: circle.y + distance * Math.sin(angle) };
}

/** Raises the plane to `depth` inside a circle whose rim falls off over one pixel, where it is lower. */
export function stampDisc(
  { size, data }: Plane,
  { x, y, radius, depth }: Circle & { readonly depth: number },
): void {
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

/** A ragged soft spot; lengths in pixels. */
interface Blotch extends Circle {
  /** Phases in radians that shape its outline. */
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

/** Where a vessel begins and how it runs; lengths in pixels, angles in radians. */
interface Vessel {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** Change of direction over one image width. */
  readonly bend: number;
  readonly width: number;
  readonly depth: number;
  readonly length: number;
  /** The circle that the vessel ends at. */
  readonly field: Circle;
  /** Levels of branches. */
  readonly forks: number;
}

const FORKS_PER_IMAGE_WIDTH = 5;

/**
 * Draws a vessel as a walk in steps of 0.4 widths that turns by `bend` and at random, tapers to half its width, and forks
 * until `forks` levels are used up.
 */
export function drawVessel(plane: Plane, random: Random, vessel: Vessel): void {
  const { size } = plane;
  const { field, forks } = vessel;
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
      const direction = random.chance(0.5) ? 1 : -1;
      drawVessel(plane, random, {
        x,
        y,
        angle: angle + direction * random.uniform(0.4, 0.9),
        bend: random.uniform(-1, 1),
        width: 1.4 * radius,
        depth: vessel.depth * 0.9,
        length: (vessel.length - i * step) * random.uniform(0.35, 0.75),
        field,
        forks: forks - 1,
      });
    }
  }
}
