import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { expect, it } from 'vitest';
import { encodeDicom, wordBytes } from '../testing/encodeDicom.js';
import { encodeTiff } from '../testing/imageTree.js';
import { decodeMask } from './decodeImage.js';

const [WIDTH, HEIGHT] = [12, 8];
/** A lesion of 4 x 4 pixels. */
const expected = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const [row, column] = [Math.floor(i / WIDTH), i % WIDTH];
  return Number(row >= 2 && row < 6 && column >= 3 && column < 7);
});

/** An image with one value inside the lesion and another one outside, per channel. */
function bytesImage(
  inside: readonly number[],
  outside: readonly number[] = inside.map(() => 0),
): Sharp {
  const data = Uint8Array.from(
    [...expected].flatMap((lesion) => (lesion === 1 ? inside : outside)),
  );
  return sharp(data, {
    raw: { width: WIDTH, height: HEIGHT, channels: inside.length as 1 | 2 | 3 | 4 },
  });
}

function shortsImage(inside: number): Sharp {
  const data = Uint16Array.from(expected, (lesion) => lesion * inside);
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace(
    'grey16',
  );
}

const floatTiff = (inside: number): Buffer =>
  encodeTiff(
    Float32Array.from(expected, (lesion) => lesion * inside),
    { width: WIDTH },
  );

const whiteIsZeroTiff = (inside: number, outside: number): Buffer =>
  encodeTiff(
    Uint16Array.from(expected, (lesion) => (lesion === 1 ? inside : outside)),
    { width: WIDTH, photometric: 0 },
  );

const encoded = async (image: Sharp | Buffer): Promise<Uint8Array> =>
  Buffer.isBuffer(image) ? image : image.toBuffer();

it.each<[string, Sharp | Buffer]>([
  ['16-bit PNG, value 1', shortsImage(1).png()],
  ['16-bit PNG, value 255', shortsImage(255).png()],
  ['16-bit PNG, value 65535', shortsImage(65535).png()],
  ['16-bit TIFF, value 1', shortsImage(1).tiff({ compression: 'lzw' })],
  ['floating-point TIFF, value 1', floatTiff(1)],
  ['floating-point TIFF, value 0.01', floatTiff(0.01)],
  ['16-bit TIFF of which white is zero', whiteIsZeroTiff(0, 4095)],
  ['16-bit TIFF of which white is zero, next to black', whiteIsZeroTiff(4094, 4095)],
  ['8-bit PNG, value 1', bytesImage([1]).toColourspace('b-w').png()],
  ['1-bit PNG', bytesImage([255]).toColourspace('b-w').png({ palette: true, colours: 2 })],
  ['1-bit TIFF', bytesImage([255]).toColourspace('b-w').tiff({ bitdepth: 1 })],
  ['palette PNG, dark blue', bytesImage([0, 0, 128]).png({ palette: true, colours: 2 })],
  ['RGB PNG, blue of value 1', bytesImage([0, 0, 1]).png()],
  ['RGBA PNG, all opaque', bytesImage([0, 1, 0, 255], [0, 0, 0, 255]).png()],
  ['RGBA PNG, white on transparent', bytesImage([255, 255, 255, 255]).png()],
  ['RGBA PNG, black on transparent', bytesImage([0, 0, 0, 255]).png()],
  ['lossless WebP, value 1', bytesImage([1, 1, 1]).webp({ lossless: true })],
  ['JPEG, white', bytesImage([255, 255, 255]).jpeg({ quality: 95 })],
  ['JPEG, red', bytesImage([255, 0, 0]).jpeg({ quality: 100, chromaSubsampling: '4:4:4' })],
  ['JPEG, value 20', bytesImage([20, 20, 20]).jpeg({ quality: 100 })],
])('finds the lesion in a mask: %s', async (_, image) => {
  const bytes = await encoded(image);
  const mask = { data: expected, height: HEIGHT, width: WIDTH, channels: 1 };
  expect(await decodeMask(bytes)).toEqual(mask);
});

it.each<[string, Sharp | Buffer]>([
  ['16-bit PNG', shortsImage(0).png()],
  ['8-bit PNG', bytesImage([0]).png()],
  ['RGBA PNG, opaque', bytesImage([0, 0, 0, 255], [0, 0, 0, 255]).png()],
  ['RGBA PNG, transparent', bytesImage([0, 0, 0, 0]).png()],
  ['JPEG', bytesImage([0, 0, 0]).jpeg()],
])('finds no lesion in an empty mask: %s', async (_, image) => {
  expect((await decodeMask(await encoded(image))).data).toEqual(expected.map(() => 0));
});

it('names the file that cannot be read', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'mask-')), 'mask.png');
  await expect(decodeMask(file)).rejects.toThrow(`${file}: no such file`);
  await writeFile(file, 'text');
  await expect(decodeMask(file)).rejects.toThrow(`${file}: not a supported image`);
});

it.each([
  ['nothing', [0, 0, 0, 0]],
  ['everything', [1, 1, 1, 1]],
  ['something', [0, 2, 0, 3]],
])('reads a DICOM mask that marks %s by its stored values', async (_, values) => {
  for (const interpretation of ['MONOCHROME1', 'MONOCHROME2']) {
    const bytes = encodeDicom({
      rows: 2,
      columns: 2,
      elements: { '00280004': ['CS', interpretation] },
      pixels: wordBytes(values),
    });
    expect([...(await decodeMask(bytes)).data]).toEqual(values.map((value) => Number(value > 0)));
  }
});
