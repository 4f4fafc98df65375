import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image, noise } from '../../test/golden/patterns.js';
import { encodeTiff } from '../testing/imageTree.js';
import { decodeImage } from './decodeImage.js';

const [width, height] = [24, 10];
const rgb = image(width, height, 3);
const grey = image(width, height, 1);
const grey16 = new Uint16Array(width * height).map((_, i) => i * 271);
const rgbSharp = (): Sharp => sharp(rgb, { raw: { width, height, channels: 3 } });
const greySharp = (): Sharp =>
  sharp(grey, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
const grey16Sharp = (values: Uint16Array): Sharp =>
  sharp(values, { raw: { width, height, channels: 1 } }).toColourspace('grey16');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decode-image-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The issue that decoding ends with. */
async function issueOf(
  source: string | Uint8Array,
  options?: Parameters<typeof decodeImage>[1],
): Promise<string> {
  const error: unknown = await decodeImage(source, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('decodeImage', () => {
  it.each([
    ['PNG', () => rgbSharp().png()],
    ['interlaced PNG', () => rgbSharp().png({ progressive: true })],
    ['TIFF with LZW', () => rgbSharp().tiff({ compression: 'lzw', predictor: 'horizontal' })],
    [
      'TIFF in tiles',
      () => rgbSharp().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }),
    ],
    ['WebP without loss', () => rgbSharp().webp({ lossless: true })],
  ])('reads a %s', async (_, encode) => {
    const bytes = new Uint8Array(await encode().toBuffer());
    expect(await decodeImage(bytes)).toEqual({ data: rgb, height, width, channels: 3 });
  });

  it('reads files, JPEG too', async () => {
    const file = join(folder, 'a.jpg');
    writeFileSync(
      file,
      await rgbSharp().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    );
    const { data, ...shape } = await decodeImage(file);
    expect(shape).toEqual({ height, width, channels: 3 });
    expect(
      data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - rgb[i])), 0),
    ).toBeLessThanOrEqual(3);
  });

  it.each(['png', 'tiff', 'jpeg'] as const)(
    'keeps grayscale %s grayscale, or converts it to the requested color',
    async (format) => {
      const bytes = await greySharp()
        .toFormat(format, format === 'png' ? {} : { quality: 100, compression: 'none' })
        .toBuffer();
      const plane = await decodeImage(bytes);
      expect([plane.channels, plane.data.length]).toEqual([1, width * height]);
      const colour = await decodeImage(bytes, { color: 'rgb' });
      expect([...colour.data.subarray(0, 3)]).toEqual([
        plane.data[0],
        plane.data[0],
        plane.data[0],
      ]);
    },
  );

  it('converts RGB to grayscale by luma', async () => {
    const { data, channels } = await decodeImage(await rgbSharp().png().toBuffer(), {
      color: 'grey',
    });
    expect(channels).toBe(1);
    expect(data[0]).toBe(Math.round(0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]));
  });

  it.each(['png', 'tiff'] as const)('scales 16-bit %s over its full range', async (format) => {
    const { data, channels } = await decodeImage(
      await grey16Sharp(grey16).toFormat(format, { compression: 'lzw' }).toBuffer(),
    );
    expect(channels).toBe(1);
    expect([...data]).toEqual([...grey16].map((value) => Math.round(value / 257)));
  });

  it('reads 12 bits in a 16-bit file as 12 bits', async () => {
    const twelve = grey16.map((value) => value >> 4);
    const { data } = await decodeImage(await grey16Sharp(twelve).png().toBuffer());
    expect([...data]).toEqual([...twelve].map((value) => Math.round((value * 255) / 4095)));
  });

  it('reads 16-bit RGB', async () => {
    const values = new Uint16Array(width * height * 3).map((_, i) => (i * 7919) % 65536);
    const bytes = await sharp(values, { raw: { width, height, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect([...(await decodeImage(bytes)).data]).toEqual(
      [...values].map((value) => Math.round(value / 257)),
    );
  });

  it('converts a palette to RGB', async () => {
    const bytes = await sharp({
      create: { width: 4, height: 4, channels: 3, background: '#ff8001' },
    })
      .png({ palette: true })
      .toBuffer();
    const { data, channels } = await decodeImage(bytes);
    expect([channels, ...data.subarray(0, 3)]).toEqual([3, 255, 128, 1]);
  });

  it('blends transparent pixels with black', async () => {
    const values = Uint8Array.of(
      200,
      100,
      50,
      255,
      200,
      100,
      50,
      0,
      200,
      100,
      50,
      128,
      0,
      0,
      0,
      255,
    );
    const { data, channels } = await decodeImage(
      await sharp(values, { raw: { width: 2, height: 2, channels: 4 } })
        .png()
        .toBuffer(),
    );
    expect([channels, ...data]).toEqual([3, 200, 100, 50, 0, 0, 0, 100, 50, 25, 0, 0, 0]);
  });

  it.each([
    [1, (x: number, y: number) => [x, y]],
    [2, (x: number, y: number) => [width - 1 - x, y]],
    [3, (x: number, y: number) => [width - 1 - x, height - 1 - y]],
    [4, (x: number, y: number) => [x, height - 1 - y]],
    [5, (x: number, y: number) => [y, x]],
    [6, (x: number, y: number) => [y, height - 1 - x]],
    [7, (x: number, y: number) => [width - 1 - y, height - 1 - x]],
    [8, (x: number, y: number) => [width - 1 - y, x]],
  ])('applies EXIF orientation %i', async (orientation, sourceOf) => {
    const upright = await decodeImage(
      await rgbSharp().withMetadata({ orientation }).png().toBuffer(),
    );
    expect([upright.width, upright.height]).toEqual(
      orientation < 5 ? [width, height] : [height, width],
    );
    for (const [x, y] of [
      [0, 0],
      [3, 7],
      [upright.width - 1, 2],
    ]) {
      const [column, row] = sourceOf(x, y);
      expect(upright.data[3 * (y * upright.width + x)]).toBe(rgb[3 * (row * width + column)]);
    }
  });

  it('ignores color profiles', async () => {
    const bytes = await rgbSharp().withIccProfile('p3').png().toBuffer();
    const plain = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect((await decodeImage(bytes)).data).toEqual(new Uint8Array(plain));
  });
});

describe('decodeImage rejects with a reason', () => {
  const cut = (bytes: Buffer, share: number): Buffer =>
    bytes.subarray(0, Math.floor(bytes.length * share));

  it('files that are missing, empty or folders', async () => {
    writeFileSync(join(folder, 'empty.png'), '');
    expect(await issueOf(join(folder, 'none.png'))).toMatch(/none\.png: no such file/);
    expect(await issueOf(join(folder, 'empty.png'))).toMatch(
      /empty\.png: the file is empty \(0 bytes\)/,
    );
    expect(await issueOf(folder)).toContain('is a folder');
  });

  it.each(['jpeg', 'png', 'tiff'] as const)('a truncated %s', async (format) => {
    const bytes = await sharp(image(200, 150, 3), { raw: { width: 200, height: 150, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    for (const share of [0.02, 0.5, 0.9])
      expect(await issueOf(cut(bytes, share), { name: 'a.img' })).toMatch(
        /^a\.img: damaged or truncated (JPEG|PNG|TIFF) file: \S+/,
      );
  });

  it.each(['jpeg', 'png', 'tiff'] as const)('a %s with a lost or zeroed block', async (format) => {
    const whole = await sharp(noise(400 * 300 * 3) as Uint8Array, {
      raw: { width: 400, height: 300, channels: 3 },
    })
      .toFormat(format, { compression: 'deflate' })
      .toBuffer();
    const [from, to] = [Math.floor(whole.length / 3), Math.floor(whole.length / 3) + 2048];
    expect(await issueOf(Buffer.concat([whole.subarray(0, from), whole.subarray(to)]))).toMatch(
      /^image: damaged/,
    );
    expect(await issueOf(Buffer.from(whole).fill(0, from, to))).toMatch(/^image: damaged/);
  });

  it('but not a JPEG with zeros before and after its image data', async () => {
    const bytes = await rgbSharp().jpeg().toBuffer();
    const comment = Buffer.concat([Buffer.of(0xff, 0xfe, 0x10, 0x00), Buffer.alloc(0x0ffe)]);
    const padded = Buffer.concat([
      bytes.subarray(0, 2),
      comment,
      bytes.subarray(2),
      Buffer.alloc(4096),
    ]);
    expect(await decodeImage(padded)).toEqual(await decodeImage(bytes));
  });

  it('what is not an image, with what it looks like', async () => {
    const dicom = new Uint8Array(200);
    dicom.set(new TextEncoder().encode('DICM'), 128);
    expect(await issueOf(dicom)).toContain('image: damaged or truncated DICOM file');
    // A DICOM file may have a TIFF header in its preamble, or no preamble.
    dicom.set(new TextEncoder().encode('II*\0'));
    expect(await issueOf(dicom)).toContain('DICOM file');
    expect(await issueOf(Uint8Array.of(8, 0, 5, 0, 67, 83, 10, 0))).toContain('DICOM file');
    expect(await issueOf(new TextEncoder().encode('\0\0\0\x20ftypavif\0\0\0\0'))).toContain(
      'it looks like an AVIF image (convert it to JPEG or PNG)',
    );
    expect(await issueOf(new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0'))).toContain(
      'a HEIC image',
    );
    expect(
      await issueOf(
        new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
      ),
    ).toContain(
      'a pointer of Git LFS; the image itself has not been downloaded (run `git lfs pull`',
    );
    expect(await issueOf(new TextEncoder().encode('\n<html>404</html>'))).toContain('a web page');
    expect(await issueOf(new TextEncoder().encode('GIF89a......'))).toContain(
      'it looks like a GIF (supported are DICOM, JPEG, PNG, TIFF and WebP)',
    );
    expect(await issueOf(Uint8Array.of(1, 2, 3, 255))).toContain(
      'begins with the bytes 01 02 03 ff',
    );
  });

  it('a file of a few bytes that claims billions of pixels, before decoding', async () => {
    const bytes = await rgbSharp().png().toBuffer();
    bytes.writeUInt32BE(60000, 16);
    bytes.writeUInt32BE(60000, 20);
    expect(await issueOf(bytes)).toMatch(
      /60000 x 60000 pixels are too many \(give an image of at most 100,000,000 pixels\)|damaged/,
    );
    expect(await issueOf(await rgbSharp().png().toBuffer(), { maximumPixels: 200 })).toBe(
      'image: 24 x 10 pixels are too many (give an image of at most 200 pixels)',
    );
  });

  it('floating-point values without a scale', async () => {
    expect(await issueOf(encodeTiff(Float32Array.of(0, 0.25, 0.5, 1), { width: 2 }))).toBe(
      'image: has floating-point values (give the values that become black and white: option `values`)',
    );
  });
});
