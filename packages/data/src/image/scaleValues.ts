import {
  type FileWindow,
  InputError,
  type PixelData,
  type Pixels,
  type PixelValues,
} from '@nonlocal-med/core';
import { PERCENTILES } from '../dicom/displayLevels.js';
import type { RawImage } from './decodeRaw.js';
import { toEightBits } from './levels.js';

/** What is known of an image when its values are scaled. */
export type ScalableImage = Pick<
  RawImage,
  'values' | 'height' | 'width' | 'channels' | 'whiteIsZero' | 'dicom'
>;

/** Smallest and largest stored value. */
export function valueRange(values: RawImage['values']): { minimum: number; maximum: number } {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const value of values) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

/** How many bits the stored values of a file have. */
export const depthOf = ({ values }: Pick<RawImage, 'values'>): 8 | 16 | 32 =>
  (8 * values.BYTES_PER_ELEMENT) as 8 | 16 | 32;

/** "12 bits (0 to 4,095)", "values from 0 to 1.5", "8 bits". */
export function describeValues(values: PixelValues): string {
  if (values === '8-bit') return '8 bits';
  if ('window' in values) return describeWindow(values);
  const [black, white] = values.map((value) => value.toLocaleString('en', DIGITS));
  const bits = bitsOf(values);
  return bits === undefined ? `values from ${black} to ${white}` : `${bits} bits (0 to ${white})`;
}
const DIGITS = { maximumSignificantDigits: 6 } as const;

function describeWindow({ window }: FileWindow): string {
  if (window === 'file') return 'the window of each DICOM file';
  return window === 'percentile'
    ? `the percentiles ${PERCENTILES.join(' and ')} of each DICOM file`
    : `window ${window} of each DICOM file`;
}

/** The number of bits if black is 0 and white the largest integer of so many bits; else undefined. */
export function bitsOf(values: PixelValues): number | undefined {
  if (values === '8-bit') return 8;
  if ('window' in values) return undefined;
  const bits = Math.log2(values[1] + 1);
  return values[0] === 0 && bits > 8 && Number.isInteger(bits) ? bits : undefined;
}

/**
 * Stored values as the levels that a model was trained on: on the scale of its data set, or, for a model of version 0.0, on the
 * image's own scale.
 *
 * @param path names the image in errors
 * @throws InputError if the image has another depth, or values that do not fit the scale
 */
export function levelsForModel(
  image: ScalableImage,
  values: PixelValues | undefined,
  path: string,
): Pixels<PixelData> {
  if (values === undefined) return namingErrors(path, () => scaleByOwnMaximum(image));
  if (!hasDepthOf(values, image))
    throw new InputError({
      path,
      message: `has ${describeDepth(image)}, but the model was trained on images with ${describeValues(values)}`,
      hint: 'give an image of the same depth, with values on the same scale',
    });
  return namingErrors(path, () => scaleValues(image, values));
}

function namingErrors<T>(path: string, scale: () => T): T {
  try {
    return scale();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError({ ...error.issues[0], path }, { cause: error });
  }
}

/**
 * Stored values as levels on the scale of a data set: 8-bit files unchanged; others with `black` at 0 and `white` at
 * 65,535, rounded, and clipped outside. DICOM images have the levels that they are displayed with, unless black and white
 * are given; then these are modality values, such as Hounsfield units. 8-bit files beside DICOM files get 16 bits.
 *
 * @throws InputError without a path if the file has another depth, more bits than the scale, or nothing on it
 */
export function scaleValues(image: ScalableImage, scale: PixelValues): Pixels<PixelData> {
  if (image.dicom !== undefined) return scaleDicom(image, scale);
  if (typeof scale === 'object' && 'window' in scale) return scaleBesideDicom(image, scale);
  const { values, height, width, channels, whiteIsZero } = image;
  if (!hasDepthOf(scale, image))
    throw new InputError({
      path: '',
      message: `has ${describeDepth(image)}, unlike the other images, which have ${describeValues(scale)}`,
      hint: 'give an image of the same depth, with values on the same scale',
    });
  if (values instanceof Uint8Array) return { data: values, height, width, channels };
  const [black, white] = scale as readonly [number, number];
  const { minimum, maximum } = valueRange(values);
  const tooLarge = bitsOf(scale) !== undefined && maximum > white;
  if (tooLarge || (minimum < maximum && (minimum >= white || maximum <= black)))
    throw new InputError({
      path: '',
      message: `has values from ${minimum} to ${maximum}, which do not fit the scale of the other images, ${describeValues(scale)}`,
      hint: 'give an image with values on the same scale',
    });
  const data = new Uint16Array(values.length);
  const step = 65535 / (white - black);
  const invert = whiteIsZero ? 65535 : 0;
  for (let i = 0; i < data.length; i++) {
    const level = Math.min(Math.max((values[i] - black) * step, 0), 65535);
    data[i] = Math.abs(invert - level) + 0.5;
  }
  return { data, height, width, channels };
}

function scaleDicom(
  { values, dicom, height, width, channels }: ScalableImage,
  scale: PixelValues,
): Pixels<PixelData> {
  const shape = { height, width, channels };
  const levels = values as Uint16Array;
  if (scale === '8-bit') return { ...shape, data: toEightBits(levels) };
  if ('window' in scale) return { ...shape, data: levels };
  if (dicom?.modality === undefined)
    throw new InputError({
      path: '',
      message: `is a DICOM file in color, to which ${describeValues(scale)} cannot be applied`,
      hint: 'give a grayscale image, or leave out data.valueRange',
    });
  const [black, white] = scale;
  const step = 65535 / (white - black);
  const invert = dicom.inverted ? 65535 : 0;
  const modality = dicom.modality();
  const data = new Uint16Array(modality.length);
  // Padding is NaN, which becomes 0.
  for (let i = 0; i < data.length; i++)
    data[i] = Math.abs(invert - Math.min(Math.max((modality[i] - black) * step, 0), 65535)) + 0.5;
  return { ...shape, data };
}

/** 8-bit levels in 16 bits: files that somebody has exported as they are displayed. */
function scaleBesideDicom(image: ScalableImage, scale: FileWindow): Pixels<PixelData> {
  const { values, height, width, channels } = image;
  if (!hasDepthOf(scale, image))
    throw new InputError({
      path: '',
      message: `has ${describeDepth(image)}, but the scale is ${describeValues(scale)}`,
      hint: 'give a DICOM file, or an image with 8 bits',
    });
  const data = Uint16Array.from(values);
  for (let i = 0; i < data.length; i++) data[i] *= 257;
  return { data, height, width, channels };
}

/** Whether an image has the depth that a scale is for; DICOM images fit all scales. */
export function hasDepthOf(
  scale: PixelValues,
  { values, dicom }: Pick<RawImage, 'values' | 'dicom'>,
): boolean {
  if (dicom !== undefined) return true;
  const isEightBit = scale === '8-bit' || 'window' in scale;
  return isEightBit === values instanceof Uint8Array;
}

/** "8 bits", "16 bits" or "floating-point values". */
export const describeDepth = (image: Pick<RawImage, 'values'>): string =>
  depthOf(image) === 32 ? 'floating-point values' : `${depthOf(image)} bits`;

/**
 * Stored values as 8-bit levels on the image's own scale: 12 bits if no value is larger, else 16. For single images; in
 * a data set, the brightness of such images would depend on their brightest pixel. DICOM images have the levels that they
 * are displayed with.
 *
 * @throws InputError without a path for floating-point values
 */
export function scaleByOwnMaximum({ values, whiteIsZero, dicom, ...shape }: ScalableImage): Pixels {
  const { height, width, channels } = shape;
  if (dicom !== undefined && values instanceof Uint16Array)
    return { data: toEightBits(values), height, width, channels };
  if (values instanceof Uint8Array) return { data: values, height, width, channels };
  if (values instanceof Float32Array)
    throw new InputError({
      path: '',
      message: 'has floating-point values',
      hint: 'give the values that become black and white: option `values`',
    });
  const white = valueRange(values).maximum < 4096 ? 4095 : 65535;
  const data = new Uint8Array(values.length);
  const step = 255 / white;
  for (let i = 0; i < data.length; i++)
    data[i] = (whiteIsZero ? white - values[i] : values[i]) * step + 0.5;
  return { data, height, width, channels };
}
