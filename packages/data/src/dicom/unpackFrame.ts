import { type FrameValues, littleEndianValues } from './decodeFrame.js';
import { bitsPerFrame, type ImageAttributes } from './imageAttributes.js';

/**
 * The values of a frame that is not compressed.
 *
 * @param bytes of all frames, in the file's byte order
 * @param options.swap whether each value, or each 16-bit word of bytes, has its most significant byte first
 * @throws Error if the bytes end before the frame does
 */
export function unpackFrame(
  bytes: Uint8Array,
  {
    attributes,
    frame,
    swap,
  }: { readonly attributes: ImageAttributes; readonly frame: number; readonly swap: boolean },
): FrameValues {
  const { bitsAllocated, planar } = attributes;
  const isSubsampled = attributes.photometricInterpretation === 'YBR_FULL_422';
  const bits = bitsPerFrame(attributes);
  const first = (frame * bits) / 8;
  const end = Math.ceil(first + bits / 8);
  if (end > bytes.length)
    throw new Error(`its pixels end after ${bytes.length} of ${end} bytes (frame ${frame + 1})`);
  if (bitsAllocated === 1)
    return { values: unpackOneBit(bytes, frame * bits, bits), planar, isRgb: false };
  const bytesPerValue = bitsAllocated / 8;
  const own = swap
    ? swapped(bytes, { from: first, end, size: Math.max(2, bytesPerValue) })
    : bytes.subarray(first, end);
  const values = littleEndianValues(own, bytesPerValue);
  return isSubsampled
    ? { values: repeatChrominance(values), planar: false, isRgb: false }
    : { values, planar, isRgb: false };
}

/** Bits from the least significant of each byte on, as bytes of 0 and 1. */
function unpackOneBit(bytes: Uint8Array, first: number, count: number): Uint8Array {
  const values = new Uint8Array(count);
  for (let i = 0; i < count; i++) values[i] = (bytes[(first + i) >> 3] >> ((first + i) & 7)) & 1;
  return values;
}

/** Bytes with the order within each group of `size` reversed; groups are counted from the start of the pixels. */
function swapped(
  bytes: Uint8Array,
  { from, end, size }: { readonly from: number; readonly end: number; readonly size: number },
): Uint8Array {
  const result = new Uint8Array(end - from);
  for (let i = 0; i < result.length; i++) result[i] = bytes[(from + i) ^ (size - 1)] ?? 0;
  return result;
}

/** Y1 Y2 Cb Cr of two pixels as Y1 Cb Cr, Y2 Cb Cr. */
function repeatChrominance(values: FrameValues['values']): FrameValues['values'] {
  const result = new Uint8Array((values.length / 4) * 6);
  for (let i = 0, j = 0; i < values.length; i += 4, j += 6)
    result.set(
      [values[i], values[i + 2], values[i + 3], values[i + 1], values[i + 2], values[i + 3]],
      j,
    );
  return result;
}
