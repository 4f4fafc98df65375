import { hasExactScans } from './exactScans.js';
import { END_OF_IMAGE, type JpegSegment, jpegSegments, SCAN } from './jpegSegments.js';

/** Bytes of a disk sector. */
const SECTOR = 512;

/**
 * The position from which a JPEG's image data is overwritten by zeros, as unfinished downloads and lost sectors leave it,
 * or undefined. JPEG has no checksum, and decoders turn zeros into plausible pixels without complaint.
 *
 * Zeros alone are no proof: with optimized tables, the code of a black block can be zeros, so that a photograph padded
 * with black holds thousands of them. If the data holds exactly the blocks of the image nevertheless, they are part of it.
 */
export function findZeroedJpegData(bytes: Uint8Array): number | undefined {
  if (zeroSector(bytes) < 0) return undefined;
  const segments = [...jpegSegments(bytes)];
  const zeros = segments.map((segment) => zerosIn(bytes, segment)).find((at) => at !== undefined);
  if (zeros === undefined) return undefined;
  const isWhole = segments.at(-1)?.marker === END_OF_IMAGE;
  return isWhole && hasExactScans(bytes, segments) !== false ? undefined : zeros;
}

function zerosIn(bytes: Uint8Array, { marker, end, dataEnd }: JpegSegment): number | undefined {
  if (marker !== SCAN) return undefined;
  const zeros = zeroSector(bytes.subarray(end, dataEnd));
  return zeros < 0 ? undefined : end + zeros;
}

/** Where the first zeros begin that fill a sector; -1 if there are none. Every such run holds one of the bytes looked at. */
function zeroSector(bytes: Uint8Array): number {
  for (let probe = SECTOR - 1; probe < bytes.length; probe += SECTOR) {
    if (bytes[probe] !== 0) continue;
    let [start, end] = [probe, probe + 1];
    while (start > 0 && bytes[start - 1] === 0) start--;
    while (end < bytes.length && end - start < SECTOR && bytes[end] === 0) end++;
    if (end - start >= SECTOR) return start;
  }
  return -1;
}
