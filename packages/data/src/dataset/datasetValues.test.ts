import { describe, expect, it } from 'vitest';
import { encodeGrey16, encodeTiff, images, makeTree } from '../testing/imageTree.js';
import { openIssues } from '../testing/openIssues.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset, type OpenedDataset, type OpenOptions } from './openDataset.js';

const open = (
  path: string,
  options: Partial<DataOptions> & OpenOptions = {},
): Promise<OpenedDataset> => openDataset({ path, workers: 0, cacheFolder: null, ...options });

/** Two images with these largest values in each of two classes. */
async function makeSet(
  maxima: readonly number[],
  encode: (values: Uint16Array) => Promise<Buffer> | Buffer = (values) =>
    encodeGrey16(values, { width: 4 }),
): Promise<string> {
  const files: Record<string, Buffer> = {};
  for (const [index, maximum] of maxima.entries()) {
    const values = Uint16Array.from({ length: 16 }, (_, i) => (i === 15 ? maximum : i + index));
    files[`${'ab'[index % 2]}/${index}.png`] = await encode(values);
  }
  return makeTree(files);
}

/** A PNG with an sBIT chunk, right behind the header. */
async function declaring(bits: number, values: Uint16Array): Promise<Buffer> {
  const png = await encodeGrey16(values, { width: 4 });
  const chunk = Buffer.from([0, 0, 0, 1, 0x73, 0x42, 0x49, 0x54, bits, 0, 0, 0, 0]);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 9)), 9);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('the scale of a data set', () => {
  it.each([
    [[900, 1000, 800, 1023], 1023],
    [[900, 1000, 800, 1024], 4095],
    [[4095, 1, 4095, 1], 4095],
    [[4095, 1, 4096, 1], 16383],
    [[16384, 1, 1, 1], 65535],
  ])('comes from the largest value of all images, %j', async (maxima, white) => {
    const { values, notes } = await open(await makeSet(maxima));
    expect(values).toEqual([0, white]);
    const bits = Math.log2(white + 1);
    expect(notes[0]).toBe(
      `Scale: ${bits} bits (0 to ${white.toLocaleString('en')}), black to white, in all 4 images, by their largest value, ${Math.max(...maxima).toLocaleString('en')}; --bits or data.valueRange sets another one.`,
    );
  });

  it('comes from PNG files that declare their bits', async () => {
    const twelve = (values: Uint16Array): Promise<Buffer> => declaring(12, values);
    const { values, notes } = await open(await makeSet([300, 400, 500, 600], twelve));
    expect(values).toEqual([0, 4095]);
    expect(notes[0]).toContain('as the files declare');
    // Values that were stretched over 16 bits, as PNG demands, exceed 12 bits.
    expect((await open(await makeSet([300, 400, 500, 65535], twelve))).values).toEqual([0, 65535]);
  });

  it('comes from TIFF files that declare their largest value', async () => {
    const folder = await makeSet([300, 400, 500, 600], (values) =>
      encodeTiff(values, { width: 4, maximumValue: 16383 }),
    );
    expect((await open(folder)).values).toEqual([0, 16383]);
  });

  it('is that of the options, or of a model', async () => {
    const folder = await makeSet([300, 400, 500, 600]);
    expect((await open(folder, { bits: 14 })).values).toEqual([0, 16383]);
    expect((await open(folder, { modelValues: [0, 4095] })).values).toEqual([0, 4095]);
    const { values, notes } = await open(folder, { valueRange: [100, 450] });
    expect(values).toEqual([100, 450]);
    expect(notes[0]).toBe(
      '4 of 4 images have values outside 100 to 450, which become black or white: a/0.png, a/2.png, b/1.png, ....',
    );
  });

  it('of floating-point files is 0 to 1, or their smallest to their largest value', async () => {
    const floats = (...lists: number[][]): Promise<string> =>
      makeTree(
        Object.fromEntries(
          lists.map((list, i) => [
            `${'ab'[i % 2]}/${i}.tif`,
            encodeTiff(Float32Array.from(list), { width: 2 }),
          ]),
        ),
      );
    const unit = await open(await floats([0, 0.25], [0.5, 0.75]));
    expect(unit.values).toEqual([0, 1]);
    expect(unit.samples[0].facts).toMatchObject({ depth: 32, values: [0, 0.25] });
    expect((await open(await floats([-1000, 20], [5, 3000]))).values).toEqual([-1000, 3000]);
    const broken = await floats([0, NaN], [0.5, 0.75], [0, 1]);
    expect(await openIssues(broken)).toEqual([
      '<set>/a/0.tif: the image cannot be used: has values that are not finite numbers (NaN or infinity); replace them (repair it, remove it, or leave it out with --on-bad-image skip)',
    ]);
  });

  it('of 8-bit files needs no decision', async () => {
    const { values, notes } = await open(await makeTree(images(['a/1.png', 'b/1.png'])));
    expect(values).toBe('8-bit');
    expect(notes.join()).not.toContain('Scale');
  });
});

describe('issues of the scale', () => {
  it('are different depths in one data set, with their images', async () => {
    const folder = await makeTree({
      ...images(['a/1.png', 'a/2.png', 'b/1.png']),
      'a/deep.png': await encodeGrey16(Uint16Array.of(1, 2), { width: 2 }),
      'b/float.tif': encodeTiff(Float32Array.of(1, 2), { width: 2 }),
    });
    expect(await openIssues(folder)).toEqual([
      '<set>: mixes bit depths: 1 image has 16 bits (a/deep.png); 1 image has floating-point values (b/float.tif), the other 3 8 bits. Their brightness cannot be compared (save all images with the same depth, or remove these)',
    ]);
  });

  it('are values that the declared bits exclude, and another depth', async () => {
    const folder = await makeSet([300, 4095, 4096, 9000]);
    expect(await openIssues(folder, { bits: 12 })).toEqual([
      '<set>: 2 images have values up to 9,000, but data.bits is 12 bits (0 to 4,095): a/2.png, b/3.png (more bits, or data.valueRange, which clips values on purpose)',
    ]);
    expect(await openIssues(folder, { bits: 8 })).toEqual([
      '<set>: its images have 16 bits, but data.bits is 8 bits (images of this depth, or another scale)',
    ]);
    const eight = await makeTree(images(['a/1.png', 'b/1.png']));
    expect(await openIssues(eight, { bits: 12 })).toEqual([
      '<set>: its images have 8 bits, but data.bits is 12 bits (0 to 4,095) (images of this depth, or another scale)',
    ]);
    expect(await openIssues(eight, { bits: 8, valueRange: [0, 9] })).toEqual([
      'data.valueRange: got [0,9] (valueRange and bits are mutually exclusive)',
    ]);
  });

  it('do not include pages beyond the first, which are counted', async () => {
    const page = encodeTiff(Uint16Array.of(1, 2), { width: 2 });
    // A second directory behind the file, equal to the first.
    const directory = page.subarray(8, 8 + 2 + 12 * page.readUInt16LE(8) + 4);
    const two = Buffer.concat([page, directory]);
    two.writeUInt32LE(page.length, 8 + directory.length - 4);
    const folder = await makeTree({
      'a/two.tif': two,
      'b/one.tif': encodeTiff(Uint16Array.of(3, 4), { width: 2 }),
    });
    expect((await open(folder)).notes[1]).toBe(
      '1 file has several pages, of which only the first is used: a/two.tif (2).',
    );
  });
});
