import { createRandom } from '@nonlocal-med/core';

/** Size of {@link testImage}, which no model has. */
export const size = { width: 150, height: 110 } as const;

/** An RGBA image of smooth shapes and noise, the same in Node and in a browser. */
export function testImage(seed: number): Uint8ClampedArray<ArrayBuffer> {
  const random = createRandom(seed, 'image');
  const { width, height } = size;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < data.length; i += 4) {
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    const inside = (x - 60 - seed) ** 2 + (y - 50) ** 2 < 1600;
    for (let channel = 0; channel < 3; channel++)
      data[i + channel] = (inside ? 150 : 40) + 20 * channel + random.integer(40) + ((x * y) % 31);
    data[i + 3] = 255;
  }
  return data;
}
