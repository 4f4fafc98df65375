import { join } from 'node:path';
import { defaultPreprocessing, type Preprocessing } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { checkEach } from '../dataset/checkImage.js';
import { encodeGrey16, encodeImage, makeTree } from '../testing/imageTree.js';
import { createLoader } from './createLoader.js';
import type { PreparedBatch } from './prepareBatch.js';
import { prepareImages } from './prepareImages.js';

const dicom = Buffer.concat([
  Buffer.from('II*\0'),
  Buffer.alloc(124),
  Buffer.from('DICM\x02\0\0\0UL'),
]);
const folder = await makeTree({
  '1.png': { seed: 1 },
  '2.png': { seed: 2 },
  '3.png': { seed: 3 },
  '4.png': { seed: 4 },
  'cut.png': (await encodeImage({ seed: 5 })).subarray(0, 300),
  'dicom.tif': dicom,
  'empty.jpg': Buffer.alloc(0),
  'deep.png': await encodeGrey16(Uint16Array.of(0, 1000, 2000, 4000), { width: 2 }),
});
const preprocessing: Preprocessing = {
  ...defaultPreprocessing,
  size: [16, 12],
  fit: 'stretch',
  values: '8-bit',
};
const names = [
  '1.png',
  'cut.png',
  '2.png',
  'dicom.tif',
  'empty.jpg',
  'gone.png',
  '3.png',
  'deep.png',
  '4.png',
];
const files = names.map((name) => join(folder, name));
const sources = files.map((file) => ({ file }));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function prepare(workers: number, wanted = preprocessing): Promise<PreparedBatch[]> {
  const options = { preprocessing: wanted, batchSize: 2, workers };
  return collect(prepareImages(sources, options));
}

describe.each([0, 2])('prepareImages with %i threads', (workers) => {
  it('prepares the readable files as a loader does, in order, and gives the reasons for the others', async () => {
    const batches = await prepare(workers);
    expect(batches.map(({ images }) => images.length)).toEqual([2, 2, 2, 2, 1]);
    const images = batches.flatMap((batch) => batch.images);
    expect(images.map((image) => ('reason' in image ? image.reason : 'good'))).toEqual([
      'good',
      expect.stringMatching(/^damaged or truncated PNG file: /),
      'good',
      expect.stringMatching(/^damaged or truncated DICOM file: /),
      'the file is empty (0 bytes)',
      'the file, or what it links to, does not exist',
      'good',
      'has 16 bits, but the model was trained on images with 8 bits; give an image of the same depth, with values on the same scale',
      'good',
    ]);
    const samples = [1, 2, 3, 4].map((id) => ({
      id: String(id),
      file: join(folder, `${id}.png`),
      label: 0,
    }));
    const loader = createLoader(samples, {
      classes: ['a'],
      preprocessing,
      batchSize: 4,
      workers: 0,
    });
    const [expected] = await collect(loader.epoch(0));
    await loader.close();
    const values = batches.flatMap((batch) => [...batch.values]);
    const stride = 16 * 12 * 3;
    [0, 2, 6, 8].forEach((index, k) =>
      expect(values.slice(index * stride, (index + 1) * stride)).toEqual([
        ...expected.images.subarray(k * stride, (k + 1) * stride),
      ]),
    );
    expect(values.slice(stride, 2 * stride).every((value) => value === 0)).toBe(true);
  });

  it('finds out the same facts as the check of a data set', async () => {
    const [{ images }] = await prepare(workers);
    const [check] = await checkEach([{ file: files[0] }]);
    expect(images[0]).toMatchObject(check);
    expect((images[0] as { milliseconds: number }).milliseconds).toBeGreaterThan(0);
  });
});

it('stops at a signal', async () => {
  const controller = new AbortController();
  const batches = prepareImages(sources, {
    preprocessing,
    batchSize: 1,
    workers: 0,
    signal: controller.signal,
  });
  await batches.next();
  controller.abort(new Error('enough'));
  await expect(batches.next()).rejects.toThrow('enough');
});
