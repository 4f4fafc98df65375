import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Batch, defaultPreprocessing } from '@nonlocal-med/core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { encodeDicom, wordBytes } from '../testing/encodeDicom.js';
import { makeTree } from '../testing/imageTree.js';
import { createLoader } from './createLoader.js';

const [width, height, count] = [60, 44, 6];
const require = createRequire(import.meta.url);

/** A radiograph-like image of 12 bits. */
const valuesOf = (image: number): Uint16Array =>
  Uint16Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const level = 2048 + 1500 * Math.sin(x / (9 + image)) * Math.cos(y / 7) + ((i * 613) % 97);
    return Math.min(4095, Math.max(0, Math.round(level)));
  });

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  setNearLossless(value: number): void;
}

async function jpegLs(values: Uint16Array): Promise<Uint8Array> {
  const codec = require('@cornerstonejs/codec-charls/wasmjs') as () => Promise<{
    JpegLSEncoder: new () => Encoder;
  }>;
  const encoder = new (await codec()).JpegLSEncoder();
  const info = { width, height, bitsPerSample: 12, componentCount: 1, isSigned: false };
  encoder.getDecodedBuffer(info).set(new Uint8Array(values.buffer));
  encoder.setNearLossless(0);
  encoder.encode();
  return new Uint8Array(encoder.getEncodedBuffer());
}

/** RLE as in DICOM PS3.5, annex G, without repetitions: the high bytes, then the low bytes, in runs of at most 128. */
function rle(values: Uint16Array): Uint8Array {
  const segments = [8, 0].map((shift) => {
    const bytes = [...values].map((value) => (value >> shift) & 255);
    const runs: number[] = [];
    for (let at = 0; at < bytes.length; at += 128) {
      const run = bytes.slice(at, at + 128);
      runs.push(run.length - 1, ...run);
    }
    return runs.length % 2 === 0 ? runs : [...runs, 0];
  });
  const header = new Uint32Array(16);
  header.set([2, 64, 64 + segments[0].length]);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()]);
}

/** Uncompressed, RLE and JPEG-LS by turns; every second one MONOCHROME1, with the values the other way round. */
async function dicomFile(image: number): Promise<Buffer> {
  const isInverted = image % 2 === 1;
  const values = valuesOf(image).map((value) => (isInverted ? 4095 - value : value));
  const forms = [
    { pixels: wordBytes(values) },
    { transferSyntax: '1.2.840.10008.1.2.5', pixels: [rle(values)] },
    { transferSyntax: '1.2.840.10008.1.2.4.80', pixels: [await jpegLs(values)] },
  ];
  return encodeDicom({
    rows: height,
    columns: width,
    elements: {
      '00080018': ['UI', `1.2.3.${image}`],
      '00280004': ['CS', isInverted ? 'MONOCHROME1' : 'MONOCHROME2'],
      '00280101': ['US', 12],
      '00280102': ['US', 11],
      '00281050': ['DS', [2048]],
      '00281051': ['DS', [4096]],
    },
    ...forms[image % 3],
  });
}

/** The levels of the same window, 0 to 4095, in 16 bits. */
const pngFile = (image: number): Promise<Buffer> =>
  sharp(
    Uint16Array.from(valuesOf(image), (value) => Math.round((value / 4095) * 65535)),
    { raw: { width, height, channels: 1 } },
  )
    .toColourspace('grey16')
    .png()
    .toBuffer();

it('gives the network the same values as 16-bit PNG files of the same levels, in each form of DICOM', async () => {
  const images = [...Array(count).keys()];
  const folder = await makeTree({
    ...Object.fromEntries(
      await Promise.all(images.map(async (i) => [`${i}.dcm`, await dicomFile(i)] as const)),
    ),
    ...Object.fromEntries(
      await Promise.all(images.map(async (i) => [`${i}.png`, await pngFile(i)] as const)),
    ),
  });
  const batchOf = async (extension: 'dcm' | 'png'): Promise<Batch> => {
    const loader = createLoader(
      images.map((i) => ({
        id: String(i),
        label: 0,
        file: join(folder, `${i}.${extension}`),
      })),
      {
        classes: ['any'],
        batchSize: count,
        workers: 0,
        preprocessing: {
          ...defaultPreprocessing,
          size: [24, 32],
          contrast: 'none',
          values: extension === 'dcm' ? { window: 'file' } : [0, 65535],
        },
      },
    );
    try {
      for await (const batch of loader.epoch(0)) return batch;
      throw new Error('no batch');
    } finally {
      await loader.close();
    }
  };
  const [dicom, png] = [await batchOf('dcm'), await batchOf('png')];
  expect(dicom.shape).toEqual([count, 24, 32, 3]);
  expect(dicom.images).toEqual(png.images);
  expect(new Set(dicom.images).size).toBeGreaterThan(3 * 256); // more than 8 bits could give
});
