import type { PixelData, Preprocessing } from '@nonlocal-med/core';

/** A 16-bit level per 8-bit level: 65,535 / 255. */
const STEP = 257;

/** The level of white: 255 or 65,535. */
export const highestLevel = (data: PixelData): number =>
  data.BYTES_PER_ELEMENT === 1 ? 255 : 65535;

/** Zeros of the same depth. */
export function zerosLike<Data extends PixelData>(data: Data, length: number): Data {
  return (data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Uint16Array(length)) as Data;
}

/** An 8-bit level on the scale of these pixels. */
export const levelOf = (level: number, data: PixelData): number =>
  data.BYTES_PER_ELEMENT === 1 ? level : level * STEP;

/** Levels rounded to 8 bits: for showing an image, or for steps that need no more. */
export function toEightBits(data: PixelData): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = data[i] / STEP + 0.5;
  return result;
}

/** Bytes per stored level of preprocessed images: 2 if their files have more than 8 bits. */
export const bytesPerLevel = ({ values }: Pick<Preprocessing, 'values'>): 1 | 2 =>
  values === undefined || values === '8-bit' ? 1 : 2;

/** Stored levels as bytes, and back; of the same memory where it is aligned. */
export const toBytes = (data: PixelData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** The inverse of {@link toBytes}. */
export function fromBytes(
  bytes: Uint8Array,
  preprocessing: Pick<Preprocessing, 'values'>,
): PixelData {
  return bytesPerLevel(preprocessing) === 1 ? bytes : toShorts(bytes);
}

/** Bytes as 16-bit values, copied where they are not aligned. */
export function toShorts(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
}
