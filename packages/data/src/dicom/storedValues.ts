import type { Element } from 'dicom-parser';
import { decodeFrame, type FrameValues } from './decodeFrame.js';
import type { DicomFile } from './dicomFile.js';
import { frameBytes } from './frames.js';
import type { ImageAttributes } from './imageAttributes.js';
import type { DicomPlatform } from './platform.js';
import { unpackFrame } from './unpackFrame.js';

/** The stored values of one frame, as pydicom's `pixel_array` has them; the channels of a pixel are together. */
export interface StoredValues {
  readonly values: Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;
  /** Whether three channels are already RGB, although the file declares luminance and chrominance. */
  readonly isRgb: boolean;
}

/**
 * Reads one frame: decompressed, with the stored bits of each value alone, and their sign.
 *
 * @param frame counted from 0
 * @throws InputError or Error if pixels are missing, damaged, or do not fit the attributes
 */
export async function readStoredValues(
  { dataSet, transferSyntax }: DicomFile,
  {
    element,
    attributes,
    frame,
    decodeJpeg,
  }: Pick<DicomPlatform, 'decodeJpeg'> & {
    readonly element: Element;
    readonly attributes: ImageAttributes;
    readonly frame: number;
  },
): Promise<StoredValues> {
  const { encoding, bigEndian = false } = transferSyntax;
  const bytes = dataSet.byteArray;
  const encapsulated = element.encapsulatedPixelData === true;
  const coded = encapsulated
    ? frameBytes({ bytes, element, frames: attributes.frames }, frame)
    : bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  const decoded =
    encoding === 'raw' || !encapsulated
      ? unpackFrame(coded, {
          attributes,
          frame: encapsulated ? 0 : frame,
          swap: bigEndian && (attributes.bitsAllocated > 8 || element.vr === 'OW'),
        })
      : await decodeFrame(coded, { encoding, attributes, decodeJpeg });
  const { rows, columns, samplesPerPixel } = attributes;
  const expected = rows * columns * samplesPerPixel;
  if (decoded.values.length !== expected)
    throw new Error(`a frame has ${decoded.values.length} values instead of ${expected}`);
  const values = extractStoredBits(decoded.values, attributes);
  return { values: decoded.planar ? interleave(values) : values, isRgb: decoded.isRgb };
}

/** Keeps the stored bits of each value; what is above them may be an overlay. Signed values get their sign. */
function extractStoredBits(
  values: FrameValues['values'],
  { bitsStored, highBit, signed }: ImageAttributes,
): StoredValues['values'] {
  const width = 8 * values.BYTES_PER_ELEMENT;
  const shift = highBit + 1 - bitsStored;
  if (bitsStored >= width && shift === 0) return signed ? asSigned(values) : values;
  // To the left until the highest stored bit is the highest of 32, and back with or without the sign.
  const left = Math.max(0, 31 - highBit);
  const right = 32 - bitsStored;
  const result = signed ? asSigned(values.slice()) : values.slice();
  for (let i = 0; i < result.length; i++)
    result[i] = signed ? (values[i] << left) >> right : (values[i] << left) >>> right;
  return result;
}

/** The same bits as signed numbers. */
function asSigned(values: FrameValues['values']): Int8Array | Int16Array | Int32Array {
  const { buffer, byteOffset, length } = values;
  if (values instanceof Uint8Array) return new Int8Array(buffer, byteOffset, length);
  if (values instanceof Uint16Array) return new Int16Array(buffer, byteOffset, length);
  return new Int32Array(buffer, byteOffset, length);
}

/** RRR GGG BBB as RGB RGB RGB. */
function interleave(values: StoredValues['values']): StoredValues['values'] {
  const result = values.slice();
  const pixels = values.length / 3;
  for (let i = 0; i < pixels; i++)
    for (let c = 0; c < 3; c++) result[3 * i + c] = values[c * pixels + i];
  return result;
}
