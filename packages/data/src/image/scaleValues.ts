import { InputError, type PixelData, type Pixels, type PixelValues } from '@nonlocal-med/core';
import type { RawImage } from './decodeRaw.js';

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
  const [black, white] = values.map((value) => value.toLocaleString('en', DIGITS));
  const bits = bitsOf(values);
  return bits === undefined ? `values from ${black} to ${white}` : `${bits} bits (0 to ${white})`;
}
const DIGITS = { maximumSignificantDigits: 6 } as const;

/** The number of bits if black is 0 and white the largest integer of so many bits; else undefined. */
export function bitsOf(values: PixelValues): number | undefined {
  if (values === '8-bit') return 8;
  const bits = Math.log2(values[1] + 1);
  return values[0] === 0 && bits > 8 && Number.isInteger(bits) ? bits : undefined;
}

/**
 * Stored values as levels on the scale of a data set: 8-bit files unchanged; others with `black` at 0 and `white` at
 * 65,535, rounded, and clipped outside.
 *
 * @throws InputError without a path if the file has another depth, more bits than the scale, or nothing on it
 */
export function scaleValues(image: RawImage, scale: PixelValues): Pixels<PixelData> {
  const { values, height, width, channels, whiteIsZero } = image;
  if ((scale === '8-bit') !== values instanceof Uint8Array)
    throw new InputError({
      path: '',
      message: `has ${describeDepth(image)}, unlike the other images, which have ${describeValues(scale)}`,
      hint: 'an image of the same depth, with values on the same scale',
    });
  if (values instanceof Uint8Array) return { data: values, height, width, channels };
  const [black, white] = scale as readonly [number, number];
  const { minimum, maximum } = valueRange(values);
  const tooLarge = bitsOf(scale) !== undefined && maximum > white;
  if (tooLarge || (minimum < maximum && (minimum >= white || maximum <= black)))
    throw new InputError({
      path: '',
      message: `has values from ${minimum} to ${maximum}, which do not fit the scale of the other images, ${describeValues(scale)}`,
      hint: 'an image with values on the same scale',
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

/** "8 bits", "16 bits" or "floating-point values". */
export const describeDepth = (image: Pick<RawImage, 'values'>): string =>
  depthOf(image) === 32 ? 'floating-point values' : `${depthOf(image)} bits`;

/**
 * Stored values as 8-bit levels on the image's own scale: 12 bits if no value is larger, else 16. For single images; in
 * a data set, the brightness of such images would depend on their brightest pixel.
 *
 * @throws InputError without a path for floating-point values
 */
export function scaleByOwnMaximum({ values, whiteIsZero, ...shape }: RawImage): Pixels {
  const { height, width, channels } = shape;
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
