import type { Random } from '@nonlocal-med/core';
import {
  type Circle,
  drawBlotch,
  drawVessel,
  emptyPlane,
  type Plane,
  randomPointIn,
  stampDisc,
} from './shapes.js';
import { smoothNoise } from './smoothNoise.js';

/** A synthetic fundus without its dots, not yet painted. Lengths in pixels. */
export interface Retina {
  readonly size: number;
  readonly field: Circle;
  /** RGB of the bare retina, 0..1. */
  readonly color: readonly [number, number, number];
  readonly light: Plane;
  readonly opticDisc: Circle;
  readonly macula: Circle & { readonly depth: number };
  /** Vessels and twigs, depths 0..1; likewise for the blotches and bright spots below. */
  readonly vessels: Plane;
  readonly blotches: Plane;
  readonly bright: Plane;
  /** How dark blood is in this image. */
  readonly tone: number;
}

/**
 * Draws a retina: field, light, optic disc, macula, vessels, and what could be mistaken for dots (twigs, blotches, bright
 * spots), all independent of the number of dots. Recipe and figures: docs/synthetic.md.
 */
export function drawRetina(random: Random, size: number): Retina {
  const W = size;
  const field: Circle = {
    x: W / 2 + random.uniform(-0.02, 0.02) * W,
    y: W / 2 + random.uniform(-0.02, 0.02) * W,
    radius: random.uniform(0.455, 0.49) * W,
  };
  const R = field.radius;
  const red = random.uniform(0.66, 0.9);
  const color = [red, red * random.uniform(0.42, 0.6), red * random.uniform(0.16, 0.3)] as const;
  const light = drawLight(random, W, field);
  const direction = random.chance(0.5) ? 1 : -1;
  const opticDisc: Circle = {
    x: field.x + direction * random.uniform(0.45, 0.68) * R,
    y: field.y + random.uniform(-0.15, 0.15) * R,
    radius: random.uniform(0.065, 0.09) * W,
  };
  const macula = {
    x: field.x - direction * random.uniform(0.1, 0.3) * R,
    y: field.y + random.uniform(-0.1, 0.1) * R,
    radius: random.uniform(0.05, 0.09) * W,
    depth: random.uniform(0.1, 0.35),
  };
  const tone = random.uniform(0.6, 1);
  const vessels = emptyPlane(W);
  drawTrunks(vessels, random, { field, opticDisc, direction, tone });
  drawTwigs(vessels, random, { field, tone });
  const blotches = emptyPlane(W);
  for (let left = random.integer(5); left > 0; left--) {
    drawBlotch(blotches, {
      ...randomPointIn(random, field, 0.85),
      radius: random.uniform(0.03, 0.07) * W,
      phases: [random.uniform(0, 2 * Math.PI), random.uniform(0, 2 * Math.PI)],
      depth: random.uniform(0.2, 0.7),
    });
  }
  const bright = emptyPlane(W);
  for (let left = random.integer(11); left > 0; left--)
    stampDisc(bright, {
      ...randomPointIn(random, field, 0.9),
      radius: random.uniform(0.75, 2.5),
      depth: random.uniform(0.3, 1),
    });
  return { size, field, color: color, light, opticDisc, macula, vessels, blotches, bright, tone };
}

/** A slope, a vignette and two scales of texture. */
function drawLight(random: Random, W: number, field: Circle): Plane {
  const direction = random.uniform(0, 2 * Math.PI);
  const slope = random.uniform(0, 0.25) / field.radius;
  const [slopeX, slopeY] = [slope * Math.cos(direction), slope * Math.sin(direction)];
  const vignette = random.uniform(0.05, 0.35) / field.radius ** 2;
  const coarse = smoothNoise(random, W, { cells: 5, std: 0.05 });
  const fine = smoothNoise(random, W, { cells: 16, std: random.uniform(0.015, 0.04) });
  const light = emptyPlane(W);
  for (let y = 0, i = 0; y < W; y++) {
    for (let x = 0; x < W; x++, i++) {
      const dx = x - field.x;
      const dy = y - field.y;
      light.data[i] =
        1 +
        slopeX * dx +
        slopeY * dy -
        vignette * (dx * dx + dy * dy) +
        coarse.data[i] +
        fine.data[i];
    }
  }
  return light;
}

/** Four to six trunks leave the optic disc up and down and bend toward the macula; the fifth and sixth go anywhere. */
function drawTrunks(
  plane: Plane,
  random: Random,
  {
    field,
    opticDisc,
    direction,
    tone,
  }: { field: Circle; opticDisc: Circle; direction: number; tone: number },
): void {
  const W = plane.size;
  const towardMacula = direction > 0 ? Math.PI : 0;
  const trunks = 4 + random.integer(3);
  for (let i = 0; i < trunks; i++) {
    let angle = (i % 2 === 0 ? 1 : -1) * random.uniform(0.9, 2.2);
    let bend = random.uniform(0.5, 2.2) * (Math.sin(towardMacula - angle) > 0 ? 1 : -1);
    if (i >= 4) [angle, bend] = [random.uniform(0, 2 * Math.PI), random.uniform(-1, 1)];
    drawVessel(plane, random, {
      x: opticDisc.x,
      y: opticDisc.y,
      angle,
      bend,
      width: random.uniform(0.014, 0.026) * W,
      depth: tone * random.uniform(0.6, 1),
      length: random.uniform(0.6, 1.1) * W,
      field,
      forks: 2,
    });
  }
}

/** Up to sixteen loose pieces, as wide and dark as the dots. */
function drawTwigs(
  plane: Plane,
  random: Random,
  { field, tone }: { field: Circle; tone: number },
): void {
  const W = plane.size;
  for (let left = random.integer(17); left > 0; left--) {
    drawVessel(plane, random, {
      ...randomPointIn(random, field, 0.85),
      angle: random.uniform(0, 2 * Math.PI),
      bend: random.uniform(-3, 3),
      width: random.uniform(0.012, 0.022) * W,
      depth: tone * random.uniform(0.5, 0.9),
      length: random.uniform(0.06, 0.16) * W,
      field,
      forks: 0,
    });
  }
}
