import type { Random } from '@nonlocal-med/core';
import type { Plane } from './plane.js';
import { stampDisc } from './stampDisc.js';

/** Where a vessel begins and how it runs; lengths in pixels, angles in radians. */
export interface Vessel {
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
