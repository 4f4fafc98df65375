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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const big = view.getUint16(2, little) === 43;
  const file: TiffFile = {
    big,
    short: (at) => view.getUint16(at, little),
    integer: (at) => view.getUint32(at, little),
    offset: (at) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little)),
  };
  const pages: TiffDirectory[] = [];
  try {
    let at = file.offset(big ? 8 : 4);
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

interface TiffFile {
  readonly big: boolean;
  readonly short: (at: number) => number;
  readonly integer: (at: number) => number;
  /** A position in the file: 4 bytes, in BigTIFF 8. */
  readonly offset: (at: number) => number;
}

const SHORT = 3;
const LONG = 4;
const BYTES_OF_TYPE: Readonly<Record<number, number>> = { [SHORT]: 2, [LONG]: 4 };

function readDirectory(file: TiffFile, start: number): { page: TiffDirectory; next: number } {
  const word = file.big ? 8 : 4;
  const entryBytes = 4 + 2 * word;
  const entries = file.big ? file.offset(start) : file.short(start);
  const first = start + (file.big ? 8 : 2);
  const fields = new Map<number, readonly number[]>();
  for (let at = first; at < first + entries * entryBytes; at += entryBytes) {
    const type = file.short(at + 2);
    const size = BYTES_OF_TYPE[type];
    const length = Math.min(file.offset(at + 4), 16);
    if (size === undefined) continue;
    const inline = size * file.offset(at + 4) <= word;
    const values = inline ? at + 4 + word : file.offset(at + 4 + word);
    const read = type === SHORT ? file.short : file.integer;
    fields.set(
      file.short(at),
      Array.from({ length }, (_, i) => read(values + i * size)),
    );
  }
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
    next: file.offset(first + entries * entryBytes),
  };
}
