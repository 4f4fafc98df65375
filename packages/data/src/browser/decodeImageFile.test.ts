import { readdirSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { InputError } from '@nonlocal-med/core';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from '../image/decodeBytes.js';
import type { RawImage } from '../image/decodeRaw.js';
import { decodeImageFile } from './decodeImageFile.js';

const [width, height] = [37, 29];

/** Smooth shapes with noise, so that compression and predictors have something to do. */
const noise = (channels: number): Uint8Array =>
  Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    return (x * 5 + y * 3 * (1 + (i % channels)) + ((i * 2654435761) >>> 28)) % 256;
  });
const image = (channels: 1 | 2 | 3 | 4): Sharp =>
  sharp(noise(channels), { raw: { width, height, channels } });
const shorts = (channels: 1 | 2 | 3 | 4): Sharp =>
  sharp(
    Uint16Array.from(noise(channels), (value, i) => value * 256 + ((i * 40503) % 256)),
    { raw: { width, height, channels } },
  ).toColourspace(channels < 3 ? 'grey16' : 'rgb16');

/** What differs from the decoder of Node: nothing. */
async function expectSame(bytes: Uint8Array): Promise<RawImage> {
  const expected = await decodeBytes(bytes, { maximumPixels: 1e8 });
  const found = await decodeImageFile(bytes);
  const facts = ({ values, height, width, channels, whiteIsZero, pages, format }: RawImage) => ({
    kind: values.constructor.name,
    height,
    width,
    channels,
    whiteIsZero,
    pages,
    format,
  });
  expect(facts(found)).toEqual(facts(expected));
  const differences = [...found.values].filter(
    (value, i) => !Object.is(value, expected.values[i]),
  ).length;
  expect(differences).toBe(0);
  return found;
}

describe('decodeImageFile gives the values of decodeImage for PNG files', () => {
  it.each<[string, () => Sharp]>([
    ['gray', () => image(1).toColourspace('b-w').png()],
    ['gray and opacity', () => image(2).toColourspace('b-w').png()],
    ['RGB', () => image(3).png()],
    ['RGB and opacity', () => image(4).png()],
    ['interlaced RGB', () => image(3).png({ progressive: true })],
    ['interlaced 16-bit gray', () => shorts(1).png({ progressive: true })],
    ['16-bit gray', () => shorts(1).png()],
    ['16-bit RGB', () => shorts(3).png()],
    ['16-bit RGB and opacity', () => shorts(4).png()],
    ['a palette', () => image(3).png({ palette: true })],
    ['a palette of 4 colors', () => image(3).png({ palette: true, colours: 4 })],
    ['a palette of 2 colors', () => image(3).png({ palette: true, colours: 2 })],
    ['a palette with opacity', () => image(4).png({ palette: true })],
    [
      'an orientation',
      () =>
        image(3)
          .withExif({ IFD0: { Orientation: '6' } })
          .png(),
    ],
  ])('%s', async (_, encode) => {
    await expectSame(await encode().toBuffer());
  });
});

describe('decodeImageFile gives the values of decodeImage for TIFF files', () => {
  it.each<[string, () => Sharp]>([
    ...(['none', 'lzw', 'deflate', 'packbits'] as const).flatMap(
      (compression): [string, () => Sharp][] => [
        [`RGB, ${compression}`, () => image(3).tiff({ compression, predictor: 'none' })],
        [
          `gray in tiles, ${compression}`,
          () =>
            image(1)
              .toColourspace('b-w')
              .tiff({ compression, tile: true, tileWidth: 16, tileHeight: 32, predictor: 'none' }),
        ],
        [
          `16-bit RGB in tiles, ${compression}`,
          () =>
            shorts(3).tiff({
              compression,
              tile: true,
              tileWidth: 32,
              tileHeight: 16,
              predictor: 'none',
            }),
        ],
      ],
    ),
    ...(['lzw', 'deflate'] as const).flatMap((compression): [string, () => Sharp][] => [
      [
        `RGB, ${compression} of differences`,
        () => image(3).tiff({ compression, predictor: 'horizontal' }),
      ],
      [
        `16-bit gray, ${compression} of differences`,
        () => shorts(1).tiff({ compression, predictor: 'horizontal' }),
      ],
    ]),
    [
      'floating point of differences',
      () =>
        image(1)
          .toColourspace('b-w')
          .pipelineColourspace('b-w')
          .raw({ depth: 'float' })
          .tiff({ compression: 'deflate', predictor: 'float' }),
    ],
    ['BigTIFF', () => image(3).tiff({ compression: 'lzw', bigtiff: true })],
    [
      'white is zero',
      () => image(1).toColourspace('b-w').tiff({ compression: 'none', miniswhite: true }),
    ],
    ['1 bit', () => image(1).toColourspace('b-w').tiff({ compression: 'none', bitdepth: 1 })],
    ['2 bits', () => image(1).toColourspace('b-w').tiff({ compression: 'none', bitdepth: 2 })],
    [
      '4 bits',
      () =>
        image(1)
          .toColourspace('b-w')
          .tiff({ compression: 'deflate', bitdepth: 4, predictor: 'none' }),
    ],
    ['RGB and opacity', () => image(4).tiff({ compression: 'lzw' })],
    ['16-bit RGB and opacity', () => shorts(4).tiff({ compression: 'lzw' })],
    ['gray and opacity', () => image(2).toColourspace('b-w').tiff({ compression: 'lzw' })],
    ...[2, 3, 4, 5, 6, 7, 8].map((orientation): [string, () => Sharp] => [
      `orientation ${orientation}`,
      () => image(3).withMetadata({ orientation }).tiff({ compression: 'lzw' }),
    ]),
  ])('%s', async (_, encode) => {
    await expectSame(await encode().toBuffer());
  });
});

/** A TIFF file by a changed value in its directory, in the file's byte order. */
function withTiffValue(file: Buffer, tag: number, value: number): Buffer {
  const changed = Buffer.from(file);
  const start = changed.readUInt32LE(4);
  for (let entry = 0; entry < changed.readUInt16LE(start); entry++) {
    const at = start + 2 + 12 * entry;
    if (changed.readUInt16LE(at) === tag) changed.writeUInt16LE(value, at + 8);
  }
  expect(changed.equals(file)).toBe(false);
  return changed;
}

describe('decodeImageFile gives the values of decodeImage for unusual TIFF files', () => {
  it.each(['none', 'lzw', 'deflate', 'packbits'] as const)(
    'whose last strip is padded, %s',
    async (compression) => {
      const tiff = await image(3).tiff({ compression, predictor: 'none' }).toBuffer();
      // One strip of all rows, of which only some belong to the image.
      await expectSame(withTiffValue(tiff, 257, height - 12));
    },
  );

  it.each<[string, Sharp]>([
    ['RGB', image(4)],
    ['16-bit RGB', shorts(4)],
    ['gray', image(2).toColourspace('b-w')],
  ])('with premultiplied opacity, %s', async (_, pixels) => {
    const tiff = await pixels.tiff({ compression: 'none' }).toBuffer();
    await expectSame(withTiffValue(tiff, 338, 1));
  });

  it('with premultiplied opacity, every 8-bit value with every opacity', async () => {
    const pairs = Uint8Array.from({ length: 256 * 256 * 2 }, (_, i) =>
      i % 2 === 0 ? (i / 2) % 256 : i >> 9,
    );
    const raw = { width: 256, height: 256, channels: 2 } as const;
    const pixels = sharp(pairs, { raw }).toColourspace('b-w').tiff({ compression: 'none' });
    await expectSame(withTiffValue(await pixels.toBuffer(), 338, 1));
  });
});

interface Encoding {
  readonly name: string;
  /** Deflated, base64. */
  readonly file: string;
  readonly refused?: string;
}

// Known images in every usual encoding, some of them damaged: test/golden/make_encodings.py.
const encodings = (
  JSON.parse(
    readFileSync(new URL('../../test/golden/encodings.json', import.meta.url), 'utf8'),
  ) as Encoding[]
)
  .map(({ file, ...facts }) => ({ ...facts, bytes: inflateSync(Buffer.from(file, 'base64')) }))
  .filter(({ name }) => /^(PNG|TIFF)/.test(name));

describe('decodeImageFile gives the values of decodeImage, or says what it cannot read, for', () => {
  it.each(
    encodings.filter(({ refused }) => refused === undefined).map((one) => [one.name, one] as const),
  )('%s', async (_, { bytes }) => {
    await expectSame(bytes);
  });
  it.each(
    encodings.filter(({ refused }) => refused !== undefined).map((one) => [one.name, one] as const),
  )('%s (refused)', async (_, { bytes }) => {
    await expect(decodeImageFile(bytes)).rejects.toThrow(InputError);
  });
});

describe('decodeImageFile gives the values of decodeImage for DICOM files', () => {
  const folder = new URL('../../test/dicom/', import.meta.url);
  const files = readdirSync(folder).filter(
    (file) => file.endsWith('.dcm') && !file.includes('_jpeg_gdcm'),
  );
  it.each(files)('%s', async (file) => {
    const { dicom } = await expectSame(readFileSync(new URL(file, folder)));
    expect(dicom?.bits).toBeGreaterThan(0);
  });
});
