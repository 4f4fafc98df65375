import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflateUpTo, withoutZlibHeader } from './inflate.js';

/** Hard to compress, so that the stream takes several steps. */
const bytes = Uint8Array.from({ length: 60_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
const stream = deflateRawSync(bytes);

describe('inflateUpTo', () => {
  it.each([0, 1, 59_999, 60_000, 1e9])('gives at most %i bytes', (maximum) => {
    expect(Buffer.compare(inflateUpTo(stream, maximum), bytes.subarray(0, maximum))).toBe(0);
  });

  it('ignores bytes behind the stream, wherever a step ends', () => {
    for (const more of [1, 2 ** 14 - (stream.length % 2 ** 14), 40_000]) {
      const longer = Buffer.concat([stream, Buffer.alloc(more, 7)]);
      expect(inflateUpTo(longer, 1e9)).toHaveLength(bytes.length);
    }
  });

  it('does not go on behind the bytes that are wanted', () => {
    const zeros = deflateRawSync(Buffer.alloc(2 ** 26));
    zeros.fill(0xff, 2 ** 15); // damaged where nothing is read
    expect(inflateUpTo(zeros, 1000)).toHaveLength(1000);
    expect(() => inflateUpTo(zeros, 2 ** 26)).toThrow(Error);
  });

  it('refuses a stream that ends too early', () => {
    expect(() => inflateUpTo(stream.subarray(0, -100), 1e9)).toThrow('unexpected EOF');
  });
});

describe('withoutZlibHeader', () => {
  it('finds the stream, and refuses what has no such header', () => {
    expect(inflateUpTo(withoutZlibHeader(deflateSync(bytes)), 1e9)).toHaveLength(bytes.length);
    expect(() => withoutZlibHeader(Uint8Array.of(0x78, 0x9d, 0))).toThrow('damaged');
    expect(() => withoutZlibHeader(new Uint8Array())).toThrow('damaged');
  });
});
