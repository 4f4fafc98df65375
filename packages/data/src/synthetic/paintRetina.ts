import type { Pixels, Random } from '@nonlocal-med/core';
import { gaussianBlur } from '../image/gaussianBlur.js';
import type { Retina } from './drawRetina.js';
import { emptyPlane, type Plane } from './shapes.js';

/** Fraction of red, green and blue that full-depth blood absorbs. */
const ABSORBED = [0.28, 0.6, 0.45] as const;
const OPTIC_DISC = [0.95, 0.8, 0.5] as const;
const BRIGHT = [0.95, 0.85, 0.45] as const;

/** The image of a retina with its dots: colors, light, blood, then the camera's blur, field stop and noise, [size, size, 3]. */
export function paintRetina(random: Random, retina: Retina, dots: Plane): Pixels {
  const { size, field, color, vessels, blotches } = retina;
  const opticDisc = opticDiscCover(retina);
  const macula = maculaCover(retina);
  const channels = [0, 1, 2].map((channel) => {
    const plane = emptyPlane(size).data;
    for (let i = 0; i < plane.length; i++) {
      const bare = color[channel] * retina.light.data[i];
      const disc = opticDisc.data[i] * 0.8;
      const retinal =
        bare * (1 - macula.data[i]) +
        disc * ((OPTIC_DISC[channel] * color[0]) / 0.85 - bare * (1 - macula.data[i]));
      const bloody =
        retinal *
        (1 - ABSORBED[channel] * Math.max(vessels.data[i], blotches.data[i], dots.data[i]));
      plane[i] = bloody + retina.bright.data[i] * 0.6 * (BRIGHT[channel] - bloody);
    }
    return gaussianBlur(plane, { width: size, height: size, sigmaX: 0.45 });
  });
  const noise = random.uniform(0.008, 0.022);
  const data = new Uint8ClampedArray(3 * size * size);
  for (let y = 0, i = 0, pixel = 0; y < size; y++) {
    for (let x = 0; x < size; x++, pixel++) {
      const inside = Math.min(
        Math.max(field.radius - Math.hypot(x - field.x, y - field.y) + 0.5, 0),
        1,
      );
      for (const plane of channels)
        data[i++] =
          255 * (Math.min(Math.max(plane[pixel], 0), 1) * inside + 0.02 + random.normal(0, noise));
    }
  }
  return { data: new Uint8Array(data.buffer), height: size, width: size, channels: 3 };
}

function opticDiscCover({ size, opticDisc: { x, y, radius } }: Retina): Plane {
  const cover = emptyPlane(size);
  for (let v = 0, i = 0; v < size; v++) {
    for (let u = 0; u < size; u++, i++) {
      const outside = Math.hypot(u - x, (v - y) / 1.1) - radius;
      if (outside < 0.12 * size) cover.data[i] = 1 / (1 + Math.exp(outside / (0.01 * size)));
    }
  }
  return cover;
}

function maculaCover({ size, macula: { x, y, radius, depth } }: Retina): Plane {
  const cover = emptyPlane(size);
  for (let v = 0, i = 0; v < size; v++) {
    for (let u = 0; u < size; u++, i++) {
      const square = ((u - x) ** 2 + (v - y) ** 2) / (2 * radius * radius);
      if (square < 12) cover.data[i] = depth * Math.exp(-square);
    }
  }
  return cover;
}
