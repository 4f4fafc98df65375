/** What the directories of a TIFF file say about its images. */
export interface TiffDirectory {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly samplesPerPixel: number;
  /** PhotometricInterpretation: 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr. */
  readonly photometric: number;
  /** What each channel beyond the colors means: 0 unspecified, 1 associated alpha, 2 unassociated alpha. */
  readonly extraSamples: readonly number[];
  /** MaxSampleValue, if the file has it: the largest value that is in use. */
  readonly maximumValue?: number;
}

/** Colors of each PhotometricInterpretation; one for those that are not listed. */
const COLORS: Readonly<Record<number, number>> = { 2: 3, 5: 4, 6: 3, 8: 3 };

/** Channels beyond those of the colors. */
export const extraChannels = ({ samplesPerPixel, photometric }: TiffDirectory): number =>
  samplesPerPixel - (COLORS[photometric] ?? 1);

/** More pages than any microscope writes: the directories of a damaged file may lead in circles. */
const MAXIMUM_PAGES = 100_000;

/**
 * Reads the directories of a TIFF or BigTIFF file (TIFF 6.0), one per page, without the pixels.
 *
 * @returns the pages; fewer than there are, or none, if the file is damaged
 */
export function readTiffDirectories(bytes: Uint8Array): TiffDirectory[] {
  const file = openTiff(bytes);
  const pages: TiffDirectory[] = [];
  try {
    let at = file.offset(file.big ? 8 : 4);
    while (at !== 0 && pages.length < MAXIMUM_PAGES) {
      const { page, next } = readDirectory(file, at);
      pages.push(page);
      at = next;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return pages;
}

/**
 * All integer fields of the first page by tag, in full: where the pixels are, among them.
 *
 * @throws RangeError if the file ends before its directory
 */
export function firstTiffFields(bytes: Uint8Array): ReadonlyMap<number, readonly number[]> {
  const file = openTiff(bytes);
  return readFields(file, file.offset(file.big ? 8 : 4), Infinity).fields;
}

interface TiffFile {
  readonly big: boolean;
  readonly byte: (at: number) => number;
  readonly short: (at: number) => number;
  readonly integer: (at: number) => number;
  readonly long: (at: number) => number;
  /** A position in the file: 4 bytes, in BigTIFF 8. */
  readonly offset: (at: number) => number;
}

function openTiff(bytes: Uint8Array): TiffFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const big = view.getUint16(2, little) === 43;
  const long = (at: number): number => Number(view.getBigUint64(at, little));
  return {
    big,
    byte: (at) => view.getUint8(at),
    short: (at) => view.getUint16(at, little),
    integer: (at) => view.getUint32(at, little),
    long,
    offset: (at) => (big ? long(at) : view.getUint32(at, little)),
  };
}

/** The types of integers: bytes of a value, and how it is read. */
const INTEGERS: Readonly<Record<number, readonly [number, 'byte' | 'short' | 'integer' | 'long']>> =
  { 1: [1, 'byte'], 3: [2, 'short'], 4: [4, 'integer'], 16: [8, 'long'] };

/** The integer fields of a directory, at most so many values of each. */
function readFields(
  file: TiffFile,
  start: number,
  most: number,
): { readonly fields: Map<number, readonly number[]>; readonly next: number } {
  const word = file.big ? 8 : 4;
  const entryBytes = 4 + 2 * word;
  const entries = file.big ? file.offset(start) : file.short(start);
  const first = start + (file.big ? 8 : 2);
  const fields = new Map<number, readonly number[]>();
  for (let at = first; at < first + entries * entryBytes; at += entryBytes) {
    const type = file.short(at + 2);
    if (INTEGERS[type] === undefined) continue;
    const [size, kind] = INTEGERS[type];
    const length = Math.min(file.offset(at + 4), most);
    const inline = size * file.offset(at + 4) <= word;
    const values = inline ? at + 4 + word : file.offset(at + 4 + word);
    // Read one by one: a damaged file may claim more values than any array can have.
    const list: number[] = [];
    for (let i = 0; i < length; i++) list.push(file[kind](values + i * size));
    fields.set(file.short(at), list);
  }
  return { fields, next: file.offset(first + entries * entryBytes) };
}

function readDirectory(file: TiffFile, start: number): { page: TiffDirectory; next: number } {
  const { fields, next } = readFields(file, start, 16);
  const value = (tag: number, otherwise: number): number => fields.get(tag)?.[0] ?? otherwise;
  return {
    page: {
      width: value(256, 0),
      height: value(257, 0),
      bitsPerSample: value(258, 1),
      samplesPerPixel: value(277, 1),
      photometric: value(262, 1),
      extraSamples: fields.get(338) ?? [],
      maximumValue: fields.get(281)?.[0],
    },
    next,
  };
}
