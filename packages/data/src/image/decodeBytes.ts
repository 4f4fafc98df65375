import { createHash } from 'node:crypto';
import type { PixelValues } from '@nonlocal-med/core';
import { decodeDicom } from '../dicom/decodeDicom.js';
import { decodeRaw, type RawImage } from './decodeRaw.js';
import { detectFormat } from './imageFormat.js';

/** Which image of a file, and how it is decoded. */
export interface FileOptions {
  readonly maximumPixels: number;
  /** Which frame of a DICOM file, counted from 0. Default: the first. */
  readonly frame?: number;
  /** The scale of the data set, which may name the window of DICOM files. */
  readonly values?: PixelValues;
}

/**
 * Decodes an image of any supported format: DICOM files to the levels they are displayed with, others to their stored
 * values.
 *
 * @throws InputError without a path if the content is of another format, too large, damaged, or not supported
 */
export async function decodeBytes(bytes: Uint8Array, options: FileOptions): Promise<RawImage> {
  const { maximumPixels, frame, values } = options;
  const detected = detectFormat(bytes);
  if (!('format' in detected) || detected.format !== 'DICOM')
    return decodeRaw(bytes, maximumPixels);
  const window = typeof values === 'object' && 'window' in values ? values.window : 'file';
  const { levels, height, width, channels, frames, ...dicom } = await decodeDicom(bytes, {
    maximumPixels,
    frame,
    ...(window === 'file' ? {} : { window }),
  });
  return {
    values: levels,
    height,
    width,
    channels,
    whiteIsZero: false,
    pages: frame === undefined ? frames : 1,
    format: 'dicom',
    dicom,
  };
}

/** What identifies an image: SHA-256 of its file, and of that and the frame for one of several frames. Hexadecimal. */
export function contentHash(bytes: Uint8Array, frame?: number): string {
  const file = createHash('sha256').update(bytes).digest('hex');
  return frame === undefined ? file : frameHash(file, frame);
}

/** What identifies one of several frames of a file. */
export const frameHash = (fileHash: string, frame: number): string =>
  createHash('sha256').update(`${fileHash} frame ${frame}`).digest('hex');
