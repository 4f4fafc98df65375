import { readFileSync } from 'node:fs';
import type { Pixels } from '@nonlocal-med/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { noise, plane } from '../../test/golden/patterns.js';
import { NEAR_DISTANCE } from '../dataset/findNearDuplicates.js';
import { decodeImage } from './decodeImage.js';
import { perceptualHash } from './perceptualHash.js';

interface Case {
  readonly pattern: string;
  readonly width: number;
  readonly height: number;
  readonly hash: string;
}

// perceptual.py beside it with ImageHash 4.3.2.
const { cases } = JSON.parse(
  readFileSync(new URL('../../test/golden/perceptual.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const patches = noise(24 * 24);

/** perceptual.py's `scene`: a disc with waves and patches in it. */
function scene(width: number, height: number): Uint8Array {
  return new Uint8Array(width * height).map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const patch = patches[24 * Math.floor((24 * y) / height) + Math.floor((24 * x) / width)];
    const value =
      60 + 40 * Math.sin((7 * x) / width + 2) + 30 * Math.cos((9 * y) / height) + patch / 2;
    return Math.hypot(x / width - 0.5, y / height - 0.5) < 0.45
      ? Math.min(Math.max(Math.floor(value), 0), 255)
      : 0;
  });
}

const grey = (data: Uint8Array, width: number, height: number): Pixels => ({
  data,
  width,
  height,
  channels: 1,
});
const draw = ({ pattern, width, height }: Omit<Case, 'hash'>): Pixels =>
  grey(
    pattern === 'scene' ? scene(width, height) : (plane(pattern, { width, height }) as Uint8Array),
    width,
    height,
  );

const distance = (a: string, b: string): number =>
  [...a].reduce(
    (sum, digit, i) =>
      sum +
      (Number.parseInt(digit, 16) ^ Number.parseInt(b[i], 16)).toString(2).replaceAll('0', '')
        .length,
    0,
  );

describe('perceptualHash', () => {
  it.each(cases)('equals ImageHash on $pattern of $width x $height', (given) => {
    expect(perceptualHash(draw(given))).toBe(given.hash);
  });

  it('changes little with compression, size and brightness, and much between images', async () => {
    const original = draw({ pattern: 'scene', width: 400, height: 300 });
    const hash = perceptualHash(original);
    const file = sharp(original.data, { raw: { width: 400, height: 300, channels: 1 } });
    const changed = [
      file.clone().jpeg({ quality: 40 }),
      file.clone().resize(800, 600).png(),
      file.clone().linear(1.15, 0).png(),
      file.clone().toColourspace('srgb').tiff(),
    ];
    for (const image of changed)
      expect(
        distance(perceptualHash(await decodeImage(await image.toBuffer())), hash),
      ).toBeLessThanOrEqual(NEAR_DISTANCE);
    expect(
      distance(perceptualHash(draw({ pattern: 'smooth', width: 400, height: 300 })), hash),
    ).toBeGreaterThan(64);
    expect(
      distance(perceptualHash(await decodeImage(await file.clone().flop().png().toBuffer())), hash),
    ).toBeGreaterThan(64);
  });

  it('accepts any size and gives all blank images the same hash', () => {
    const blank = [1, 40, 64, 300].map((side) =>
      perceptualHash(grey(new Uint8Array(side * side).fill(side), side, side)),
    );
    expect(new Set(blank)).toEqual(new Set([`8${'0'.repeat(63)}`]));
    expect(
      perceptualHash({ data: new Uint8Array(30).fill(9), width: 5, height: 2, channels: 3 }),
    ).toBe(blank[0]);
  });
});
