import { InputError } from '@nonlocal-med/core';
import { decode, type DecodedPng } from 'fast-png';
import type { RawImage } from '../image/decodeRaw.js';
import { checkSize } from '../image/fileChecks.js';
import { firstTiffFields } from '../image/tiffDirectory.js';
import { blendWithBlack, plainImage } from './opaque.js';
import { orient, type Raster } from './orient.js';
import { unpackBits } from './unpackBits.js';

const ORIENTATION = 274;

/**
 * Decodes a PNG file with all of its bits, without color management: what a canvas gives has 8 bits, with color profiles
 * applied.
 *
 * @throws InputError without a path if it is too large
 * @throws Error if it is damaged
 */
export function decodePng(bytes: Uint8Array, maximumPixels: number): RawImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkSize({ width: view.getUint32(16), height: view.getUint32(20) }, maximumPixels);
  checkInterlacing({ bits: bytes[24], isInterlaced: bytes[28] === 1 });
  const image = decode(bytes, { checkCrc: true });
  const raster = blendWithBlack(rasterOf(image));
  return plainImage(orient(raster, orientationOf(bytes, view)), 'png');
}

/** The decoder reads each pass of interlaced pixels as if it had whole bytes. */
function checkInterlacing({ bits, isInterlaced }: { bits: number; isInterlaced: boolean }): void {
  if (isInterlaced && bits < 8)
    throw new InputError({
      path: '',
      message: `is an interlaced PNG file with ${bits}-bit values, which browsers cannot read here`,
      hint: 'save it again without interlacing',
    });
}

/** Samples of 8 or 16 bits, with opacity as the last channel where the file has any. */
function rasterOf(image: DecodedPng): Raster<Uint8Array | Uint16Array> {
  const { width, height, depth, palette } = image;
  const samples = samplesOf(image);
  if (palette !== undefined) {
    const channels = palette.some(({ length }) => length === 4) ? 4 : 3;
    const values = new Uint8Array(width * height * channels).fill(255);
    samples.forEach((index, pixel) => {
      if (palette[index] === undefined) throw new Error(`its palette has no color ${index}`);
      values.set(palette[index], pixel * channels);
    });
    return { values, width, height, channels };
  }
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const values = depth < 8 ? samples.map((sample) => sample * scale) : samples;
  return withTransparentColor(
    { values, width, height, channels: image.channels },
    {
      samples,
      color: image.transparency,
    },
  );
}

function samplesOf({ data, width, height, depth, channels }: DecodedPng): Uint8Array | Uint16Array {
  if (data instanceof Uint16Array) return data;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return depth < 8 ? unpackBits(bytes, { width: width * channels, height, bits: depth }) : bytes;
}

/** An opacity of 0 where the samples are those of the color that the file declares transparent. */
function withTransparentColor(
  raster: Raster<Uint8Array | Uint16Array>,
  { samples, color }: { samples: Uint8Array | Uint16Array; color: Uint16Array | undefined },
): Raster<Uint8Array | Uint16Array> {
  if (color === undefined) return raster;
  const { channels } = raster;
  const values = raster.values.map((value, at) => {
    const first = at - (at % channels);
    for (let channel = 0; channel < channels; channel++)
      if (samples[first + channel] !== color[channel]) return value;
    return 0;
  });
  return { ...raster, values };
}

/** The orientation in the chunk of EXIF data; 1 without one. */
function orientationOf(bytes: Uint8Array, view: DataView): number {
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name !== 'eXIf') continue;
    const exif = bytes.subarray(at + 8, at + 8 + view.getUint32(at));
    return firstTiffFields(exif).get(ORIENTATION)?.[0] ?? 1;
  }
  return 1;
}
