/** A disk sector. Entropy-coded image data holds nothing near so many zero bytes in a row. */
const BLOCK = new Uint8Array(512);
const END_OF_IMAGE = Uint8Array.of(0xff, 0xd9);

/**
 * Where the image data of a JPEG has been overwritten by zeros, as unfinished downloads and lost sectors leave it, or
 * undefined. JPEG has no checksum, and decoders make plausible pixels of zeros without complaint.
 */
export function zeroedBlock(bytes: Uint8Array): number | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const scan = firstScan(bytes);
  if (scan === undefined) return undefined;
  const zeros = file.indexOf(BLOCK, scan);
  if (zeros < 0) return undefined;
  const end = file.indexOf(END_OF_IMAGE, scan);
  return end < 0 || zeros < end ? zeros : undefined;
}

/** Position of the first start-of-scan marker; segments before it may be padded with zeros. */
function firstScan(bytes: Uint8Array): number | undefined {
  for (
    let at = 2;
    at + 3 < bytes.length && bytes[at] === 0xff;
    at += 2 + bytes[at + 2] * 256 + bytes[at + 3]
  ) {
    if (bytes[at + 1] === 0xda) return at;
  }
  return undefined;
}
