import { InputError } from '@nonlocal-med/core';
import { toShorts } from '../image/levels.js';
import { decodeHtj2k, decodeJpeg2000, decodeJpegLossless, decodeJpegLs } from './codecs.js';
import { type CodestreamHeader, endsCompletely, jpeg2000Header, jpegHeader } from './codestream.js';
import type { ImageAttributes } from './imageAttributes.js';
import type { DicomPlatform } from './platform.js';
import { decodeRle } from './rle.js';
import type { PixelEncoding } from './transferSyntax.js';

/** Values of a frame as bit patterns: the bits above and below the stored ones are not removed yet. */
export interface FrameValues {
  readonly values: Uint8Array | Uint16Array | Uint32Array;
  /** Whether all values of a channel are together. */
  readonly planar: boolean;
  /** Whether the decoder has already converted luminance and chrominance to RGB. */
  readonly isRgb: boolean;
}

/**
 * Decodes the compressed bytes of a frame.
 *
 * @throws InputError without a path if the stream contradicts the file's attributes, or for 12-bit JPEG
 * @throws Error if the decoder finds damage
 */
export async function decodeFrame(
  bytes: Uint8Array,
  {
    encoding,
    attributes,
    decodeJpeg,
  }: Pick<DicomPlatform, 'decodeJpeg'> & {
    readonly encoding: Exclude<PixelEncoding, 'raw'>;
    readonly attributes: ImageAttributes;
  },
): Promise<FrameValues> {
  if (encoding === 'rle') return decodeRleFrame(bytes, attributes);
  if (!endsCompletely(bytes)) throw new Error('its compressed pixels have no end');
  switch (encoding) {
    case 'jpeg':
      return decodeJpegFrame(bytes, attributes, decodeJpeg);
    case 'jpeg-lossless':
      checkHeader(jpegHeader(bytes), attributes);
      return { values: decodeJpegLossless(bytes), planar: false, isRgb: false };
    case 'jpeg-ls':
      checkHeader(jpegHeader(bytes), attributes);
      return { ...(await decodeJpegLs(bytes)), isRgb: false };
    case 'jpeg-2000':
    case 'htj2k':
      checkHeader(jpeg2000Header(bytes), attributes);
      return decodeWavelets(
        await (encoding === 'htj2k' ? decodeHtj2k(bytes) : decodeJpeg2000(bytes)),
        attributes,
      );
  }
}

/** JPEG 2000 undoes its own color transform (RCT, ICT), but not one that was made before. */
const decodeWavelets = (
  values: FrameValues['values'],
  { photometricInterpretation }: ImageAttributes,
): FrameValues => ({
  values,
  planar: false,
  isRgb: /^YBR_[RI]CT$/.test(photometricInterpretation),
});

function decodeRleFrame(
  bytes: Uint8Array,
  { rows, columns, samplesPerPixel, bitsAllocated }: ImageAttributes,
): FrameValues {
  const bytesPerValue = bitsAllocated / 8;
  if (bytesPerValue < 1) throw new Error('run-length encoding of 1-bit values');
  const decoded = decodeRle(bytes, {
    pixels: rows * columns,
    channels: samplesPerPixel,
    bytesPerValue,
  });
  return { values: littleEndianValues(decoded, bytesPerValue), planar: false, isRgb: false };
}

/** Bytes in little-endian order as values, of the same memory where it is aligned. */
export function littleEndianValues(
  bytes: Uint8Array,
  bytesPerValue: number,
): FrameValues['values'] {
  if (bytesPerValue === 1) return bytes;
  if (bytesPerValue === 2) return toShorts(bytes);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** Refuses streams of another size than the file declares, before anything is allocated for them. */
function checkHeader(header: CodestreamHeader | undefined, attributes: ImageAttributes): void {
  const { rows, columns, samplesPerPixel } = attributes;
  if (header === undefined) throw new Error('its compressed pixels have no header');
  const { width, height, channels, bits } = header;
  if (width !== columns || height !== rows || channels !== samplesPerPixel)
    throw new Error(
      `its compressed pixels are ${width} x ${height} with ${count(channels)}, but its attributes say ${columns} x ${rows} with ${count(samplesPerPixel)}`,
    );
  if (bits > 16) throw new Error(`its compressed pixels have ${bits} bits`);
}

const count = (channels: number): string =>
  `${channels} ${channels === 1 ? 'channel' : 'channels'}`;

/** Lossy JPEG through the decoder of ordinary images, with the color space that DICOM declares. */
async function decodeJpegFrame(
  bytes: Uint8Array,
  attributes: ImageAttributes,
  decodeJpeg: DicomPlatform['decodeJpeg'],
): Promise<FrameValues> {
  const header = jpegHeader(bytes);
  if (header !== undefined && header.bits !== 8)
    throw new InputError({
      path: '',
      message: `is a DICOM file with ${header.bits}-bit lossy JPEG, which is not supported`,
      hint: 'convert it to Explicit VR Little Endian, for example with gdcmconv --raw',
    });
  checkHeader(header, attributes);
  const { rows, columns, samplesPerPixel } = attributes;
  const image = withColorTransform(bytes, attributes);
  const { values } = await decodeJpeg(image, rows * columns);
  if (values.length !== rows * columns * samplesPerPixel || !(values instanceof Uint8Array))
    throw new Error('its JPEG has another number of channels than its attributes say');
  return { values, planar: false, isRgb: samplesPerPixel === 3 };
}

/**
 * Replaces all application segments (JFIF, EXIF, Adobe), from which decoders guess the color space and the orientation,
 * by one Adobe segment that says which color space it is.
 */
function withColorTransform(
  bytes: Uint8Array,
  { photometricInterpretation }: ImageAttributes,
): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 2), adobeSegment(photometricInterpretation)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    const isApplicationSegment = bytes[at + 1] >= 0xe0 && bytes[at + 1] <= 0xef;
    if (!isApplicationSegment) parts.push(bytes.subarray(at, end));
    at = end;
  }
  return concatenate([...parts, bytes.subarray(at)]);
}

function adobeSegment(photometricInterpretation: string): Uint8Array {
  const transform = photometricInterpretation.startsWith('YBR') ? 1 : 0;
  const name = [...'Adobe'].map((letter) => letter.charCodeAt(0));
  return Uint8Array.of(0xff, 0xee, 0, 14, ...name, 0, 100, 0, 0, 0, 0, transform);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
