import { InputError } from '@nonlocal-med/core';
import type { DataSet, Element } from 'dicom-parser';
import type { DicomFile } from './dicomFile.js';
import type { TransferSyntax } from './transferSyntax.js';

/** How the stored values of a DICOM image are laid out (DICOM PS3.3, section C.7.6.3). */
export interface ImageAttributes {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: 1 | 3;
  /** MONOCHROME1, MONOCHROME2, PALETTE COLOR, RGB, YBR_FULL, YBR_FULL_422, YBR_RCT or YBR_ICT. */
  readonly photometricInterpretation: string;
  readonly bitsAllocated: 1 | 8 | 16 | 32;
  readonly bitsStored: number;
  /** The position of the most significant of the stored bits. */
  readonly highBit: number;
  /** Whether values are two's complement numbers. */
  readonly signed: boolean;
  /** Whether the file has all values of a channel together instead of all channels of a pixel. */
  readonly planar: boolean;
  readonly frames: number;
}

const PHOTOMETRIC = {
  1: ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'],
  3: ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_RCT', 'YBR_ICT'],
} as const;

/**
 * Reads the attributes that describe the pixels.
 *
 * @throws InputError without a path if the file has no pixels, or if an attribute is missing or not supported
 */
export function readImageAttributes({ dataSet }: DicomFile): ImageAttributes {
  const samplesPerPixel = dataSet.uint16('x00280002') ?? 1;
  const photometricInterpretation = dataSet.string('x00280004')?.trim() ?? 'MONOCHROME2';
  const bitsAllocated = required(dataSet, 'x00280100', 'BitsAllocated');
  const bitsStored = dataSet.uint16('x00280101') ?? bitsAllocated;
  const highBit = dataSet.uint16('x00280102') ?? bitsStored - 1;
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3)
    throw unsupported(`${samplesPerPixel} channels (SamplesPerPixel)`);
  if (!(PHOTOMETRIC[samplesPerPixel] as readonly string[]).includes(photometricInterpretation))
    throw unsupported(
      `the photometric interpretation "${photometricInterpretation}" and ${samplesPerPixel} ${samplesPerPixel === 1 ? 'channel' : 'channels'}`,
    );
  if (!isAllocation(bitsAllocated)) throw unsupported(`${bitsAllocated} bits per value`);
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated)
    throw unsupported(
      `BitsStored ${bitsStored} and HighBit ${highBit} in ${bitsAllocated} allocated bits`,
    );
  return {
    rows: required(dataSet, 'x00280010', 'Rows'),
    columns: required(dataSet, 'x00280011', 'Columns'),
    samplesPerPixel,
    photometricInterpretation,
    bitsAllocated,
    bitsStored,
    highBit: Math.max(highBit, bitsStored - 1),
    signed: dataSet.uint16('x00280103') === 1,
    planar: samplesPerPixel === 3 && dataSet.uint16('x00280006') === 1,
    frames: frameCount(dataSet),
  };
}

/** The number of frames; a value that is not a number counts as one frame, as in pydicom. */
const frameCount = (dataSet: DataSet): number =>
  Math.max(1, Number.parseInt(dataSet.string('x00280008') ?? '1', 10) || 1);

/** Bits of a frame that is not compressed. */
export function bitsPerFrame({
  rows,
  columns,
  samplesPerPixel,
  bitsAllocated,
  photometricInterpretation,
}: ImageAttributes): number {
  const isSubsampled = photometricInterpretation === 'YBR_FULL_422';
  return rows * columns * bitsAllocated * (isSubsampled ? 2 : samplesPerPixel);
}

/** A compressed frame has at least a fragment with headers. */
const LEAST_COMPRESSED_BYTES = 64;

/** Whether a file of so many bytes is too short for the frames that it declares. A single frame is left to its decoder. */
export function lacksFrames(
  attributes: ImageAttributes,
  { transferSyntax: { encoding }, bytes }: { transferSyntax: TransferSyntax; bytes: number },
): boolean {
  const least = encoding === 'raw' ? bitsPerFrame(attributes) / 8 : LEAST_COMPRESSED_BYTES;
  return attributes.frames > 1 && attributes.frames * least > bytes;
}

/** The element with the pixels. @throws InputError without a path if there is none */
export function pixelElement({ dataSet }: DicomFile): Element {
  const element = dataSet.elements.x7fe00010;
  if (element !== undefined) return element;
  if (dataSet.elements.x7fe00008 ?? dataSet.elements.x7fe00009)
    throw unsupported('floating-point pixels (FloatPixelData)');
  throw new InputError({
    path: '',
    message: `is a DICOM file without pixels${modalityText(dataSet)}`,
    hint: 'remove it, or leave it out with --on-bad-image skip',
  });
}

function modalityText(dataSet: DataSet): string {
  const modality = dataSet.string('x00080060');
  return modality === undefined ? '' : ` (modality ${modality})`;
}

const isAllocation = (bits: number): bits is ImageAttributes['bitsAllocated'] =>
  [1, 8, 16, 32].includes(bits);

function required(dataSet: DataSet, tag: string, name: string): number {
  const value = dataSet.uint16(tag);
  if (value !== undefined && value > 0) return value;
  throw new InputError({
    path: '',
    message: `is a DICOM file with ${value === undefined ? 'no' : 'an invalid'} ${name}${value === undefined ? '' : ` (${value})`}`,
    hint: 'export it again',
  });
}

/** The error for a file with something that is not read. */
export const unsupported = (what: string): InputError =>
  new InputError({
    path: '',
    message: `is a DICOM file with ${what}, which is not supported`,
    hint: 'convert it to 16-bit PNG or TIFF',
  });
