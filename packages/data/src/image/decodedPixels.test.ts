import { createRandom, InputError } from '@nonlocal-med/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type DecodedPixels, levelsOfPixels } from './decodedPixels.js';
import { decodeImage } from './decodeImage.js';

const [width, height] = [37, 21];
const noise = (channels: number): Uint8Array => {
  const random = createRandom(1, `pixels ${channels}`);
  return Uint8Array.from({ length: width * height * channels }, () => random.integer(256));
};

describe('levelsOfPixels', () => {
  it.each([1, 3, 4] as const)(
    'gives the levels of a PNG file with %d channels',
    async (channels) => {
      const data = noise(channels);
      const png = await sharp(data, { raw: { width, height, channels } })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .png()
        .toBuffer();
      expect(levelsOfPixels({ data, width, height, channels }, '8-bit')).toEqual(
        await decodeImage(png, { values: '8-bit' }),
      );
    },
  );

  it('takes an ImageData, whose channels follow from its length', () => {
    const data = new Uint8ClampedArray(noise(4));
    const { data: levels, ...shape } = levelsOfPixels({ data, width, height }, '8-bit');
    expect(shape).toEqual({ width, height, channels: 3 });
    expect(levels).toEqual(
      levelsOfPixels({ data: noise(4), width, height, channels: 4 }, '8-bit').data,
    );
  });

  it('scales 16-bit values as the files of the data set were', async () => {
    const data = Uint16Array.from({ length: width * height }, (_, i) => (i * 5) % 4096);
    const png = await sharp(data, { raw: { width, height, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    for (const values of [[0, 4095] as const, undefined])
      expect(levelsOfPixels({ data, width, height }, values)).toEqual(
        await decodeImage(png, { values }),
      );
  });

  const refused: [Partial<DecodedPixels>, string][] = [
    [{ data: noise(3), width: 36 }, 'image.channels: got 3.08 (2331 values for 36 x 21 pixels)'],
    [{ data: noise(3), width: 36, channels: 3 }, 'image.data: got 2331 values (2268 for 36 x 21'],
    [{ data: noise(3), height: 0 }, 'image.height: got 0 (pixels, at least 1)'],
    [{ data: [1, 2, 3] as unknown as Uint8Array }, 'image.data: got Array (a Uint8Array'],
    [{ data: undefined }, 'image.data: got Undefined (a Uint8Array'],
    [{ data: Uint16Array.from(noise(4)) }, 'image.channels: got 4 with more than 8 bits'],
    [
      { data: Uint16Array.from(noise(1)) },
      'image: has 16 bits, but the model was trained on images with 8 bits',
    ],
  ];
  it.each(refused.map(([pixels, message]) => ({ message, pixels })))(
    'refuses pixels: $message',
    ({ pixels, message }) => {
      const read = (): unknown =>
        levelsOfPixels({ data: noise(3), width, height, ...pixels }, '8-bit');
      expect(read).toThrow(InputError);
      expect(read).toThrow(message);
    },
  );

  it('names the image where its values do not fit the scale', () => {
    const data = new Uint16Array(width * height).fill(5000);
    expect(() => levelsOfPixels({ data, width, height }, [0, 4095])).toThrow(
      'image: has values from 5000 to 5000, which do not fit the scale',
    );
  });
});
