import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plane } from '../../../test/golden/patterns.js';
import { clahe, clahe16 } from './clahe.js';
import { claheGrid, clahePortable } from './clahePortable.js';

interface Case {
  pattern: string;
  width: number;
  height: number;
  tilesX: number;
  tilesY: number;
  clipLimit: number;
  sha256: string;
  head: number[];
}

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${name}`, import.meta.url), 'utf8'));
// opencv_clahe.json: cv2 4.6.0 and 4.14.0; opencv_more.json: opencv.py beside it with cv2 5.0.0.
const first = golden('opencv_clahe.json') as Record<
  string,
  number[] | [number, number[], number[], number[]]
>;
const more = golden('opencv_more.json') as { clahe: Case[]; clahe16: Case[] };
const sha256 = (values: Uint8Array | Uint16Array): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
const portable: typeof clahe = (values, { width, height, clipLimit = 2, tilesX = 8, tilesY = 8 }) =>
  clahePortable(values, {
    grid: claheGrid({ width, height, tilesX, tilesY }),
    clipLimit,
    output: new Uint8Array(values.length),
  });

describe.each([
  ['clahe', clahe],
  ['clahePortable', portable],
] as const)('%s equals OpenCV bit for bit', (_, equalize) => {
  const ramp = new Uint8Array(256).map((_, i) => 7 * Math.floor(i / 16) + 11 * (i % 16));
  it.each([
    ['(2, 2) clip=2.0', 2, 2, 2],
    ['(3, 3) clip=2.0', 3, 3, 2],
    ['(8, 8) clip=2.0', 8, 8, 2],
    ['(4, 2) clip=40.0', 4, 2, 40],
    ['(2, 2) clip=0.0', 2, 2, 0],
  ] as const)('16 x 16 ramp, tiles %s', (...[name, tilesX, tilesY, clipLimit]) => {
    expect([...equalize(ramp, { width: 16, height: 16, tilesX, tilesY, clipLimit })]).toEqual(
      first[`ramp16 pixel=(7r+11c)%256 tiles(x,y)=${name}`],
    );
  });

  const odd = new Uint8Array(540).map((_, i) => 3 * Math.floor(i / 27) ** 2 + 13 * (i % 27));
  it.each([
    ['(8, 8) clip=2.0', 8, 8, 2],
    ['(4, 5) clip=3.0', 4, 5, 3],
  ] as const)('27 wide, 20 high, tiles %s', (...[name, tilesX, tilesY, clipLimit]) => {
    expect([...equalize(odd, { width: 27, height: 20, tilesX, tilesY, clipLimit })]).toEqual(
      first[`20x27 pixel=(3r^2+13c)%256 tiles(x,y)=${name}`],
    );
  });

  it("equals it at 386 x 386, the paper's size, with the default options", () => {
    const result = equalize(
      new Uint8Array(386 * 386).map((_, i) => (3 * Math.floor(i / 386) + 5 * (i % 386)) % 251),
      { width: 386, height: 386 },
    );
    const [sum, row0, row200, row385] = first[
      '386x386 pixel=(3r+5c)%251 tiles=(8,8) clip=2 : sum, row0[:16], row200[200:216], row385[370:]'
    ] as [number, number[], number[], number[]];
    const part = (row: number, from: number, to: number): number[] => [
      ...result.subarray(row * 386 + from, row * 386 + to),
    ];
    expect(result.reduce((total, value) => total + value, 0)).toBe(sum);
    expect([part(0, 0, 16), part(200, 200, 216), part(385, 370, 386)]).toEqual([
      row0,
      row200,
      row385,
    ]);
  });

  it.each(more.clahe)(
    '$pattern $width x $height, $tilesX x $tilesY tiles, clip $clipLimit',
    ({ pattern, width, height, tilesX, tilesY, clipLimit, sha256: expected, head }) => {
      const result = equalize(plane(pattern, { width, height }) as Uint8Array, {
        width,
        height,
        tilesX,
        tilesY,
        clipLimit,
      });
      expect([...result.subarray(0, 8)]).toEqual(head);
      expect(sha256(result)).toBe(expected);
    },
  );
});

describe('clahe', () => {
  it('gives the same result after other sizes, and writes into a given output, which may be the input', () => {
    const input = plane('noise', { width: 97, height: 130 }) as Uint8Array;
    const expected = clahe(input, { width: 97, height: 130 });
    clahe(new Uint8Array(512 * 512), { width: 512, height: 512 });
    const output = new Uint8Array(input.length);
    expect(clahe(input, { width: 97, height: 130, output })).toBe(output);
    expect(output).toEqual(expected);
    expect(clahe(input, { width: 97, height: 130, output: input })).toEqual(expected);
  });

  it('allocates no memory for pixels when given an output', () => {
    const input = plane('noise', { width: 224, height: 224 }) as Uint8Array;
    const output = new Uint8Array(input.length);
    clahe(input, { width: 224, height: 224, output });
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 50; i++) clahe(input, { width: 224, height: 224, output });
    expect(process.memoryUsage().arrayBuffers).toBeLessThanOrEqual(before);
  });

  it('rejects options and lengths that do not fit, with the value', () => {
    const values = new Uint8Array(6);
    expect(() => clahe(values, { width: 2, height: 2 })).toThrow(
      'clahe needs 4 values for 2 x 2 pixels, got 6.',
    );
    expect(() => clahe(values, { width: 3, height: 2, tilesX: 0 })).toThrow(
      'clahe needs an integer tilesX of at least 1, got 0.',
    );
    expect(() => clahe(values, { width: 3, height: 2, clipLimit: NaN })).toThrow('got NaN');
    expect(() => clahe(values, { width: 3, height: 2, output: new Uint8Array(5) })).toThrow(
      'clahe needs an output of 6 values, got 5.',
    );
  });
});

describe('clahe16 equals OpenCV bit for bit', () => {
  it.each(more.clahe16)(
    '$pattern $width x $height, $tilesX x $tilesY tiles, clip $clipLimit',
    ({ pattern, width, height, tilesX, tilesY, clipLimit, sha256: expected, head }) => {
      const result = clahe16(plane(pattern, { width, height, bits: 16 }) as Uint16Array, {
        width,
        height,
        tilesX,
        tilesY,
        clipLimit,
      });
      expect([...result.subarray(0, 8)]).toEqual(head);
      expect(sha256(result)).toBe(expected);
    },
  );
});
