import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { bitmapSize } from './bitmapSize.js';
import { decodeBitmap } from './decodeBitmap.js';

const image = (background: object = { r: 9, g: 9, b: 9 }) =>
  sharp({ create: { width: 300, height: 17, channels: 3, background } });
const size = { width: 300, height: 17 };

describe('bitmapSize', () => {
  it.each([
    ['JPEG', 'JPEG', () => image().jpeg()],
    ['progressive JPEG', 'JPEG', () => image().jpeg({ progressive: true })],
    ['lossy WebP', 'WebP', () => image().webp()],
    ['lossless WebP', 'WebP', () => image().webp({ lossless: true })],
    ['extended WebP', 'WebP', () => image().withMetadata().ensureAlpha(0.5).webp()],
  ] as const)('reads the header of %s', async (_, format, encode) => {
    expect(bitmapSize(await encode().toBuffer(), format)).toEqual(size);
  });

  it('has none of files that end before it', async () => {
    const webp = await image().webp().toBuffer();
    expect(bitmapSize(webp.subarray(0, 29), 'WebP')).toBeNull();
    expect(bitmapSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 17), 'JPEG')).toBeNull();
  });

  it('lets an image with too many pixels be refused before it is decoded', async () => {
    // Node has no createImageBitmap, so that decoding would fail with another error.
    const bytes = await image().webp().toBuffer();
    await expect(decodeBitmap(bytes, { format: 'WebP', maximumPixels: 5000 })).rejects.toThrow(
      '300 x 17 pixels are too many',
    );
  });
});
