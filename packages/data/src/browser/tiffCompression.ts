import { inflateUpTo, withoutZlibHeader } from './inflate.js';

/** How the parts of a TIFF file are compressed, by the number in its directory. */
export const tiffCompressions: Readonly<
  Record<number, (bytes: Uint8Array, length: number) => Uint8Array>
> = {
  1: (bytes) => bytes,
  5: decodeLzw,
  8: inflate,
  32946: inflate,
  32773: decodePackBits,
};

/** Up to so many bytes: the last strip may be padded with rows that the image does not have. */
function inflate(bytes: Uint8Array, length: number): Uint8Array {
  return inflateUpTo(withoutZlibHeader(bytes), length);
}

const CLEAR = 256;
const END = 257;

/** LZW of TIFF 6.0, section 13: codes of 9 to 12 bits, most significant bit first. */
function decodeLzw(bytes: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  // Each code is a string: that of another code, and one more byte.
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const sizes = new Uint16Array(4096).fill(1, 0, 256);
  for (let code = 0; code < 256; code++) suffix[code] = code;
  const reader = bitReader(bytes);
  let [next, width, at] = [258, 9, 0];
  let previous = -1;
  while (at < length) {
    const code = reader(width);
    if (code === END || code < 0) break;
    if (code === CLEAR) {
      [next, width, previous] = [258, 9, -1];
      continue;
    }
    if (code > next || (code === next && previous < 0) || (previous < 0 && code > 255))
      throw new Error('its LZW data is damaged');
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      sizes[next] = sizes[previous] + 1;
      suffix[next] = firstByte(code === next ? previous : code);
      next++;
    }
    for (let end = at + sizes[code], c = code; end > at; c = prefix[c]) {
      end--;
      if (end < length) output[end] = suffix[c];
    }
    at += sizes[code];
    previous = code;
    if (next >= 2 ** width - 1 && width < 12) width++;
  }
  return output.subarray(0, Math.min(at, length));

  function firstByte(code: number): number {
    let c = code;
    while (c > 257) c = prefix[c];
    return suffix[c];
  }
}

/** Reads so many bits, most significant first; -1 behind the end. */
function bitReader(bytes: Uint8Array): (width: number) => number {
  let [at, buffer, available] = [0, 0, 0];
  return (width) => {
    while (available < width) {
      if (at >= bytes.length) return -1;
      buffer = ((buffer << 8) | bytes[at++]) & 0xffffff;
      available += 8;
    }
    available -= width;
    return (buffer >> available) & (2 ** width - 1);
  };
}

/** PackBits of TIFF 6.0, section 9. */
function decodePackBits(bytes: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let [from, to] = [0, 0];
  while (from < bytes.length && to < length) {
    const count = (bytes[from++] << 24) >> 24;
    if (count === -128) continue;
    if (count < 0) {
      output.fill(bytes[from++], to, to + 1 - count);
      to += 1 - count;
    } else {
      output.set(bytes.subarray(from, from + Math.min(count + 1, length - to)), to);
      from += count + 1;
      to += count + 1;
    }
  }
  return output.subarray(0, Math.min(to, length));
}
