/** What a compressed image says about itself before it is decoded. */
export interface CodestreamHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Bits per value. */
  readonly bits: number;
}

/**
 * The header of a JPEG, JPEG lossless or JPEG-LS stream; undefined without one. The marker tells the kind: FF C0 to FF
 * CF for JPEG, FF F7 for JPEG-LS.
 */
export function jpegHeader(bytes: Uint8Array): (CodestreamHeader & { marker: number }) | undefined {
  for (let at = 2; at + 10 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame || marker === 0xf7)
      return {
        marker,
        bits: bytes[at + 4],
        height: uint16(bytes, at + 5),
        width: uint16(bytes, at + 7),
        channels: bytes[at + 9],
      };
    if (marker === 0xda) return undefined;
    at += 2 + uint16(bytes, at + 2);
  }
  return undefined;
}

/** The SIZ segment of a JPEG 2000 codestream, which may be in a JP2 file; undefined without one. */
export function jpeg2000Header(bytes: Uint8Array): CodestreamHeader | undefined {
  const at = findCodestream(bytes);
  if (at === undefined || at + 43 > bytes.length) return undefined;
  const siz = at + 2;
  const width = uint32(bytes, siz + 6) - uint32(bytes, siz + 14);
  const height = uint32(bytes, siz + 10) - uint32(bytes, siz + 18);
  const channels = uint16(bytes, siz + 38);
  return { width, height, channels, bits: (bytes[siz + 40] & 0x7f) + 1 };
}

/** Whether a stream of any JPEG kind has its end marker; not all decoders notice that a truncated one lacks it. */
export function endsCompletely(bytes: Uint8Array): boolean {
  // A byte of padding, or the end of a box, may follow.
  for (let at = bytes.length - 2; at >= Math.max(0, bytes.length - 18); at--)
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

/** Where SOC and SIZ are: at the start, or in the contiguous codestream box of a JP2 file. */
function findCodestream(bytes: Uint8Array): number | undefined {
  const limit = Math.min(bytes.length - 4, 64 * 1024);
  for (let at = 0; at <= limit; at++) if (uint32(bytes, at) === 0xff4fff51) return at;
  return undefined;
}

const uint16 = (bytes: Uint8Array, at: number): number => bytes[at] * 256 + bytes[at + 1];

const uint32 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) * 65536 + uint16(bytes, at + 2);
