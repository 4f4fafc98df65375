import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decodeImage.js';

interface Encoding {
  readonly name: string;
  /** Deflated, base64. */
  readonly file: string;
  readonly shape?: readonly [height: number, width: number, channels: number];
  readonly sha256?: string;
  readonly refused?: string;
}

// Known images in every usual encoding, with the pixels that OpenCV reads: test/golden/make_encodings.py.
const encodings = JSON.parse(
  readFileSync(new URL('../../test/golden/encodings.json', import.meta.url), 'utf8'),
) as Encoding[];
const bytesOf = ({ file }: Encoding): Uint8Array => inflateSync(Buffer.from(file, 'base64'));
const named = (list: readonly Encoding[]): [string, Encoding][] =>
  list.map((encoding) => [encoding.name, encoding]);

describe('decodeImage reads the pixels that OpenCV reads', () => {
  it.each(named(encodings.filter(({ refused }) => refused === undefined)))(
    '%s',
    async (_, encoding) => {
      const { data, height, width, channels } = await decodeImage(bytesOf(encoding));
      expect([height, width, channels]).toEqual(encoding.shape);
      expect(createHash('sha256').update(data).digest('hex')).toBe(encoding.sha256);
    },
  );

  it('although optimized black padding looks like lost sectors', () => {
    const padded = encodings.find(({ name }) => name === 'JPEG, black padding, optimized')!;
    expect(Buffer.from(bytesOf(padded)).includes(Buffer.alloc(512))).toBe(true);
  });
});

describe('decodeImage refuses, with the cause,', () => {
  it.each(named(encodings.filter(({ refused }) => refused !== undefined)))(
    '%s',
    async (_, encoding) => {
      const decoded = decodeImage(bytesOf(encoding));
      await expect(decoded).rejects.toThrow(InputError);
      await expect(decoded).rejects.toThrow(encoding.refused);
    },
  );
});
