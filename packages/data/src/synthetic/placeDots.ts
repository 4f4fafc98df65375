import type { Random } from '@nonlocal-med/core';
import type { Retina } from './drawRetina.js';
import { emptyPlane, type Plane, randomPointIn, stampDisc } from './shapes.js';

/** Depth of the shallowest dot as a fraction of the image's blood tone. */
export const SHALLOWEST_DOT = 0.6;

const MAXIMUM_TRIES = 5000;
/** Minimum distance between two dots in pixels. */
const GAP = 2.5;

/**
 * Places dots of 1.5 to 4 pixels in diameter at any image size: clear of vessels, blotches, bright spots, the optic disc
 * and one another.
 *
 * @returns their depths, or undefined if there is no room for this many
 */
export function placeDots(random: Random, retina: Retina, count: number): Plane | undefined {
  const { size, field, opticDisc, tone } = retina;
  const dots = emptyPlane(size);
  const placed: { x: number; y: number; diameter: number }[] = [];
  for (let tries = 0; placed.length < count; tries++) {
    if (tries === MAXIMUM_TRIES) return undefined;
    const { x, y } = randomPointIn(random, field, 0.9);
    const diameter = random.uniform(1.5, 4);
    if (
      Math.hypot(x - opticDisc.x, y - opticDisc.y) < 1.3 * opticDisc.radius ||
      isBusy(retina, { x, y, reach: Math.ceil(diameter / 2 + 1) })
    )
      continue;
    if (
      placed.some(
        (other) => Math.hypot(x - other.x, y - other.y) < (diameter + other.diameter) / 2 + GAP,
      )
    )
      continue;
    placed.push({ x, y, diameter });
    stampDisc(dots, {
      x,
      y,
      radius: diameter / 2,
      depth: tone * random.uniform(SHALLOWEST_DOT, 1),
    });
  }
  return dots;
}

function isBusy(
  { size, vessels, blotches, bright }: Retina,
  { x, y, reach }: { x: number; y: number; reach: number },
): boolean {
  const column = Math.round(x);
  const row = Math.round(y);
  for (let v = Math.max(0, row - reach); v <= Math.min(size - 1, row + reach); v++) {
    for (let u = Math.max(0, column - reach); u <= Math.min(size - 1, column + reach); u++) {
      const i = v * size + u;
      if (Math.max(vessels.data[i], blotches.data[i], bright.data[i]) > 0.25) return true;
    }
  }
  return false;
}
