import type { Random } from '@nonlocal-med/core';
import type { Circle } from './drawVessel.js';

/** A place in the inner part of the field, every area alike. */
export function placeIn(random: Random, field: Circle, share: number): { x: number; y: number } {
  const angle = random.uniform(0, 2 * Math.PI);
  const distance = Math.sqrt(random.uniform()) * share * field.radius;
  return { x: field.x + distance * Math.cos(angle), y: field.y + distance * Math.sin(angle) };
}
