import { Inflate } from 'fflate';

/** Compressed bytes per step; at most 1,032 times as many come out of one. */
const STEP = 2 ** 14;

/**
 * Inflates a raw Deflate stream until it ends or so many bytes are there. What follows is neither inflated nor checked, so that
 * memory stays bounded however much a stream would grow.
 *
 * @returns at most `maximum` bytes
 * @throws Error if what is inflated is damaged, or ends too early
 */
export function inflateUpTo(bytes: Uint8Array, maximum: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    parts.push(part);
    length += part.length;
  });
  for (let at = 0; at < bytes.length && length < maximum; at += STEP)
    stream.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
  const inflated = new Uint8Array(Math.min(length, maximum));
  let to = 0;
  for (const part of parts) {
    inflated.set(part.subarray(0, inflated.length - to), to);
    to = Math.min(to + part.length, inflated.length);
  }
  return inflated;
}

/** The stream in the format of zlib (RFC 1950), without its header; its checksum is left behind the stream. */
export function withoutZlibHeader(bytes: Uint8Array): Uint8Array {
  const [method, flags] = bytes;
  const isValid = (method & 15) === 8 && ((method << 8) | flags) % 31 === 0 && (flags & 32) === 0;
  if (!isValid) throw new Error('its compressed data is damaged');
  return bytes.subarray(2);
}
