import { InputError } from '@nonlocal-med/core';
import { applyPalette, scaleRgb, ybrToRgb } from './colors.js';
import { damageOf, type DicomFile, explainDamage, parseDicomFile } from './dicomFile.js';
import {
  displayLevels,
  isInverted,
  modalityValues,
  type WindowChoice,
  type WindowSource,
} from './displayLevels.js';
import { windowCount } from './grayscaleTransforms.js';
import {
  type ImageAttributes,
  lacksFrames,
  pixelElement,
  readImageAttributes,
} from './imageAttributes.js';
import type { DicomPlatform } from './platform.js';
import { readStoredValues, type StoredValues } from './storedValues.js';

/** How to decode a DICOM file. */
export interface DicomOptions {
  readonly maximumPixels: number;
  /** Which frame, counted from 0. Default: the first. */
  readonly frame?: number;
  /** Which window of the file. Default: its VOI LUT, else its first window. */
  readonly window?: WindowChoice;
  readonly platform: DicomPlatform;
}

/** A frame of a DICOM file as it is meant to be displayed. */
export interface DicomImage {
  /** Levels from 0 (black) to 65,535 (white), [height, width, channels]. */
  readonly levels: Uint16Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly frames: number;
  /** Bits in use of each stored value. */
  readonly bits: number;
  /** What levels come from; absent in color, which has no window. */
  readonly source?: WindowSource;
  /** How many windows the file has for the frame. */
  readonly windows: number;
  /** Values after the modality LUT or rescale, e.g. Hounsfield units, NaN for padding; absent in color. */
  readonly modality?: () => Float32Array;
  /** Whether small values are bright: levels are inverted already, modality values are not. */
  readonly inverted: boolean;
}

/** The stored values of a frame with their attributes, before anything is done to them. */
export async function decodeStoredValues(
  bytes: Uint8Array,
  { maximumPixels, frame = 0, platform }: DicomOptions,
): Promise<{ file: DicomFile; attributes: ImageAttributes; stored: StoredValues }> {
  const file = parseDicomFile(bytes, platform);
  try {
    const element = pixelElement(file);
    const attributes = readImageAttributes(file);
    checkSize(attributes, maximumPixels);
    const { length } = file.dataSet.byteArray;
    if (lacksFrames(attributes, { ...file, bytes: length }))
      throw new Error(`it declares ${attributes.frames} frames, but has ${length} bytes`);
    if (frame >= attributes.frames)
      throw new Error(`it has ${attributes.frames} frames, not a frame ${frame + 1}`);
    const stored = await readStoredValues(file, {
      element,
      attributes,
      frame,
      decodeJpeg: platform.decodeJpeg,
    });
    return { file, attributes, stored };
  } catch (error) {
    throw damageOf(error);
  }
}

/**
 * Decodes one frame of a DICOM file to the levels that it is meant to be displayed with, in 16 bits.
 *
 * @throws InputError without a path if the file is damaged, too large, has no pixels, or is of a kind that is not
 *   supported
 */
export async function decodeDicom(bytes: Uint8Array, options: DicomOptions): Promise<DicomImage> {
  const { file, attributes, stored } = await decodeStoredValues(bytes, options);
  const { rows: height, columns: width, frames, bitsStored: bits } = attributes;
  const { dataSet } = file;
  const frame = options.frame ?? 0;
  return explainDamage(() => {
    const windows = windowCount({ dataSet, frame });
    const shape = {
      height,
      width,
      frames,
      bits,
      windows,
      inverted: isInverted(dataSet, attributes),
    };
    if (attributes.photometricInterpretation === 'PALETTE COLOR')
      return { ...shape, channels: 3, levels: applyPalette(stored.values, dataSet) };
    if (attributes.samplesPerPixel === 3)
      return { ...shape, channels: 3, levels: colorLevels(stored, attributes) };
    const gray = { dataSet, attributes, frame, values: stored.values };
    return {
      ...shape,
      ...displayLevels(gray, options.window),
      channels: 1,
      modality: () => explainDamage(() => modalityValues(gray)),
    };
  });
}

function colorLevels(
  { values, isRgb }: StoredValues,
  { photometricInterpretation, bitsStored }: ImageAttributes,
): Uint16Array {
  const declared = photometricInterpretation.startsWith('YBR') && !isRgb;
  return declared ? scaleRgb(ybrToRgb(values), 8) : scaleRgb(values, bitsStored);
}

function checkSize({ rows, columns }: ImageAttributes, maximumPixels: number): void {
  if (rows * columns > maximumPixels)
    throw new InputError({
      path: '',
      message: `${columns} x ${rows} pixels are too many`,
      hint: `give an image of at most ${maximumPixels.toLocaleString('en')} pixels`,
    });
}
