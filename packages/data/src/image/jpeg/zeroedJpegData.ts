import { hasExactScans } from './exactScans.js';
import { END_OF_IMAGE, type JpegSegment, jpegSegments, SCAN } from './jpegSegments.js';

/** A disk sector. */
const ZERO_SECTOR = Buffer.alloc(512);

/**
 * The position from which a JPEG's image data is overwritten by zeros, as unfinished downloads and lost sectors leave it,
 * or undefined. JPEG has no checksum, and decoders turn zeros into plausible pixels without complaint.
 *
 * Zeros alone are no proof: with optimized tables, the code of a black block can be zeros, so that a photograph padded
 * with black holds thousands of them. If the data holds exactly the blocks of the image nevertheless, they are part of it.
 */
export function findZeroedJpegData(bytes: Uint8Array): number | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!file.includes(ZERO_SECTOR)) return undefined;
  const segments = [...jpegSegments(bytes)];
  const zeros = segments.map((segment) => zerosIn(file, segment)).find((at) => at !== undefined);
  if (zeros === undefined) return undefined;
  const isWhole = segments.at(-1)?.marker === END_OF_IMAGE;
  return isWhole && hasExactScans(bytes, segments) !== false ? undefined : zeros;
}

function zerosIn(file: Buffer, { marker, end, dataEnd }: JpegSegment): number | undefined {
  if (marker !== SCAN) return undefined;
  const zeros = file.subarray(end, dataEnd).indexOf(ZERO_SECTOR);
  return zeros < 0 ? undefined : end + zeros;
}
