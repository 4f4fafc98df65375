import type { PixelValues } from '@nonlocal-med/core';
import type { RawImage } from '../image/decodeRaw.js';
import { decodeDicom } from './decodeDicom.js';
import type { DicomPlatform } from './platform.js';

/** Which image of a file, and how it is decoded. */
export interface FileOptions {
  readonly maximumPixels: number;
  /** Which frame of a DICOM file, counted from 0. Default: the first. */
  readonly frame?: number;
  /** The scale of the data set, which may name the window of DICOM files. */
  readonly values?: PixelValues;
}

/**
 * Decodes a frame of a DICOM file to the levels it is displayed with, in the form of other images.
 *
 * @throws InputError without a path if it is too large, damaged, or not supported
 */
export async function decodeDicomRaw(
  bytes: Uint8Array,
  { maximumPixels, frame, values }: FileOptions,
  platform: DicomPlatform,
): Promise<RawImage> {
  const window = typeof values === 'object' && 'window' in values ? values.window : 'file';
  const { levels, height, width, channels, frames, ...dicom } = await decodeDicom(bytes, {
    maximumPixels,
    frame,
    platform,
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
