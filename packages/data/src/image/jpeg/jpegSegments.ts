/** A part of a JPEG file: a marker with its segment, and for a scan also its entropy-coded data. */
export interface JpegSegment {
  /** Second byte of the marker: 0xda begins a scan, 0xd9 ends the image. */
  readonly marker: number;
  /** Position of the marker. */
  readonly start: number;
  /** Position behind the segment: where the data of a scan begins. */
  readonly end: number;
  /** Position behind the data of a scan; else equal to `end`. */
  readonly dataEnd: number;
}

export const SCAN = 0xda;
export const END_OF_IMAGE = 0xd9;
const APPLICATION_0 = 0xe0;
const ADOBE = 0xee;

/** Markers of frames: start of frame 0 to 15 without the markers of tables and arithmetic coding. */
export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/**
 * Splits a JPEG file into its segments, up to the end of the image. Bytes between segments are skipped, as decoders do.
 *
 * @returns segments in order; the last one is the end of the image unless the file is truncated
 */
export function* jpegSegments(bytes: Uint8Array): Generator<JpegSegment> {
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at++;
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === END_OF_IMAGE) {
      yield { marker, start: at, end: at + 2, dataEnd: at + 2 };
      return;
    }
    const standsAlone = marker === 1 || (marker >= 0xd0 && marker <= 0xd8);
    const end = standsAlone ? at + 2 : at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    const dataEnd = marker === SCAN ? endOfScan(bytes, end) : end;
    yield { marker, start: at, end, dataEnd };
    at = Math.max(dataEnd, at + 2);
  }
}

/** Position of the first marker that is not part of the scan's data, as stuffed zeros and restart markers are. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/**
 * The same image with its header as the standard wants it: no bytes between segments, a known version in the JFIF header,
 * a known transform in Adobe's, and the only scan parameters that a sequential image can have. Decoders complain about
 * these and read the pixels nevertheless; the entropy-coded data is not touched, so that complaints about pixels remain.
 *
 * @returns undefined if the file has no end of image, or if nothing was to be repaired
 */
export function repairJpegHeader(bytes: Uint8Array): Uint8Array | undefined {
  const segments = [...jpegSegments(bytes)];
  if (segments.at(-1)?.marker !== END_OF_IMAGE) return undefined;
  const sequential = segments.some(({ marker }) => marker === 0xc0 || marker === 0xc1);
  const frame = segments.find(({ marker }) => isFrame(marker));
  const channels = frame === undefined ? 0 : bytes[frame.start + 9];
  const parts = segments.map(({ marker, start, end, dataEnd }) => {
    const part = Uint8Array.from(bytes.subarray(start, dataEnd));
    if (marker === APPLICATION_0 && startsWith(part, 4, 'JFIF\0')) part.set([1, 1], 9);
    // Decoders take an unknown transform for the usual one: YCbCr, or YCCK for four channels.
    if (marker === ADOBE && startsWith(part, 4, 'Adobe') && part[15] > 2)
      part[15] = channels === 4 ? 2 : 1;
    if (marker === SCAN && sequential) part.set([0, 63, 0], end - start - 3);
    return part;
  });
  const repaired = Buffer.concat([bytes.subarray(0, 2), ...parts]);
  return repaired.equals(bytes.subarray(0, repaired.length)) ? undefined : repaired;
}

/** The frame: how the image is coded, bits per value, and number of channels; undefined if there is none. */
export function jpegFrame(
  bytes: Uint8Array,
): { readonly marker: number; readonly bits: number; readonly channels: number } | undefined {
  for (const { marker, start } of jpegSegments(bytes)) {
    if (isFrame(marker)) return { marker, bits: bytes[start + 4], channels: bytes[start + 9] };
    if (marker === SCAN) return undefined;
  }
  return undefined;
}

const startsWith = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0));
