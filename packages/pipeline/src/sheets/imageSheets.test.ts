import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Batch,
  IMAGENET_MEAN,
  IMAGENET_STD,
  type Pixels,
  type TrainingEvent,
} from '@nonlocal-med/core';
import { hashFile } from '@nonlocal-med/core/node';
import { type LoaderSample, resizeArea } from '@nonlocal-med/data';
import { createRunFolder, readEvents } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader, openRunData, type RunData } from '../data/runData.js';
import { resumeRun } from '../run/resumeRun.js';
import { prepareRunData, startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { drawSheet, testSheet, trainingSheet, writeRunSheets } from './imageSheets.js';
import { previewImages } from './previewImages.js';

const root = await temporaryFolder('sheets');

/** What the network gets in an epoch of a loader, by id, in the order in which it gets it: 8-bit values, not rounded. */
async function received(
  samples: readonly LoaderSample[],
  { config, data, training }: { config: RunConfig; data: RunData; training: boolean },
): Promise<Map<string, { label: number; values: Float64Array }>> {
  const { classes } = data.dataset;
  const loader = createRunLoader(samples, config, { classes, training });
  const images = new Map<string, { label: number; values: Float64Array }>();
  const read = ({ images: all, ids, labels, shape: [, height, width] }: Batch): void =>
    ids.forEach((id, index) => {
      const stride = height * width * 3;
      const values = Float64Array.from(
        all.subarray(index * stride, (index + 1) * stride),
        (value, i) => 255 * (value * IMAGENET_STD[i % 3] + IMAGENET_MEAN[i % 3]),
      );
      images.set(id, { label: labels[index], values });
    });
  try {
    for await (const batch of loader.epoch(0)) read(batch);
  } finally {
    await loader.close();
  }
  return images;
}

/** Largest difference of an image from what the network gets. */
const distance = ({ data }: Pixels, values: Float64Array): number => {
  expect(data).toHaveLength(values.length);
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - data[i])), 0);
};

/** The pixels of a tile of a sheet, [size, size, 3]. */
async function tileAt(
  png: Buffer,
  { left, top, size }: { left: number; top: number; size: number },
): Promise<Uint8Array> {
  const region = { left, top, width: size, height: size };
  return new Uint8Array(await sharp(png).extract(region).removeAlpha().raw().toBuffer());
}

/** Above the first row: two lines of title, 16 pixels high at the smallest letters, and three gaps of 10. */
const TOP = 2 * 16 + 30;
/** Classes and images of one color each, in memory. */
function coloredData(classes: number, images: (label: number) => number): RunData {
  const samples = Array.from({ length: classes }, (_, label) =>
    Array.from({ length: images(label) }, (_unused, i): LoaderSample => ({
      id: `kind ${label}/${i}.png`,
      label,
      pixels: { data: new Uint8Array(32 * 32 * 3).fill(10 * label + i), height: 32, width: 32, channels: 3 }, // prettier-ignore
    })),
  ).flat();
  const names = Array.from({ length: classes }, (_, label) => `kind ${label}`);
  const dataset = { name: 'colors', kind: 'folder', classes: names, samples, skipped: [], fingerprint: '', notes: [] } as unknown as RunData['dataset']; // prettier-ignore
  return { dataset, split: { train: [], validation: [], test: samples }, notes: [] };
}

describe('trainingSheet', () => {
  it('shows exactly what the network gets in the first epoch, augmented, by class', async () => {
    const { config, data } = await prepareRunData(tinyConfig(), {});
    const inTraining = await received(data.split.train, { config, data, training: true });
    const plain = await received(data.split.train, { config, data, training: false });
    const sheet = await trainingSheet({ config, data });
    const expected = [0, 1].flatMap((label) =>
      [...inTraining].filter(([, image]) => image.label === label).slice(0, 16),
    );
    expect(sheet.classes).toEqual(['no dots', 'dots']);
    expect(sheet.images.map(({ label }) => label)).toEqual(expected.map(([, { label }]) => label));
    expect(new Set(sheet.images.map(({ label }) => label)).size).toBe(2);
    for (const [index, [, { values }]] of expected.entries())
      expect(distance(sheet.images[index].pixels, values)).toBeLessThan(0.5001);
    const changed = expected.filter(([id], i) => distance(sheet.images[i].pixels, plain.get(id)!.values) > 5); // prettier-ignore
    expect(changed.length).toBeGreaterThan(expected.length / 2);
    expect(sheet.title[1]).toBe('48 x 48 (stretch), rgb, CLAHE; augmentation: fundus');
  });

  it('shows an image once that a balanced epoch repeats, and says that images are mixed later', async () => {
    const training = { balancedSampling: true, mixup: 0.2, cutmix: 1 };
    const { config, data } = await prepareRunData(tinyConfig({ training }), {});
    const taken = await received(data.split.train, { config, data, training: true });
    const sheet = await trainingSheet({ config, data });
    expect(taken.size).toBeLessThan(data.split.train.length);
    expect(sheet.images).toHaveLength(taken.size);
    expect(sheet.title[1]).toMatch(/; augmentation: fundus; before mixup 0\.2 or cutmix 1$/);
  });

  it('leaves out the images that the epoch leaves out with its last batch, and no others', async () => {
    const training = { batchSize: 7, dropLast: true }; // 17 training images, in batches of 7, 7 and 3
    const { config, data } = await prepareRunData(tinyConfig({ training }), {});
    const taken = await received(data.split.train, { config, data, training: true });
    expect(taken.size).toBe(14);
    const { images } = await trainingSheet({ config, data });
    const labels = [...taken.values()].map(({ label }) => label).sort();
    expect(images.map(({ label }) => label)).toEqual(labels);
    for (const { pixels } of images)
      expect([...taken.values()].some(({ values }) => distance(pixels, values) < 0.5001)).toBe(
        true,
      );
  });

  it('draws the pixels of small images as blocks, and reduces large ones', async () => {
    const small = await trainingSheet(await prepareRunData(tinyConfig(), {}));
    const png = (await drawSheet(small))!;
    const blocks = await tileAt(png, { left: 10, top: TOP, size: 144 });
    const pixelAt = (x: number, y: number): number[] => [
      ...blocks.subarray(3 * (144 * y + x), 3 * (144 * y + x) + 3),
    ];
    const { data } = small.images[0].pixels;
    for (const [x, y] of [
      [0, 0],
      [47, 0],
      [20, 31],
      [47, 47],
    ]) {
      // prettier-ignore
      const pixel = [...data.subarray(3 * (48 * y + x), 3 * (48 * y + x) + 3)];
      for (const [dx, dy] of [[0, 0], [2, 2]]) expect(pixelAt(3 * x + dx, 3 * y + dy)).toEqual(pixel); // prettier-ignore
    }
    const large = await trainingSheet(
      await prepareRunData(tinyConfig({ preprocessing: { size: 200 } }), {}),
    );
    const reduced = await tileAt((await drawSheet(large))!, {
      left: 10 + 170,
      top: TOP,
      size: 160,
    });
    expect(reduced).toEqual(resizeArea(large.images[1].pixels, [160, 160]).data);
  });
});

describe('sheets of several findings', () => {
  const findings = ['effusion', 'mass'];
  const labels = [
    [1, 0],
    [1, 1],
    [0, 0],
    [0, 1],
    [-1, 0],
  ];
  const data: RunData = (() => {
    const colored = coloredData(1, () => 5);
    const samples = colored.split.test.map((sample, i) => ({
      ...sample,
      id: `${i}.png`,
      label: -1,
      findings: labels[i],
    }));
    const dataset = { ...colored.dataset, task: 'multilabel' as const, classes: findings, samples };
    return { ...colored, dataset, split: { train: samples, validation: [], test: samples } };
  })();

  it('show each image once, with its findings in words', async () => {
    const config = tinyConfig({ preprocessing: { size: 32, contrast: 'none' } });
    const { title, classes, images } = await testSheet({ config, data });
    expect(title[0]).toBe('Test images as the network gets them, with their true findings');
    expect(classes).toEqual(['effusion', 'mass', 'no finding']);
    expect(images.map(({ id, label, name }) => [id, label, name])).toEqual([
      ['0.png', 0, 'effusion'],
      ['1.png', 0, 'effusion, mass'],
      ['3.png', 1, 'mass'],
      ['2.png', 2, 'no finding'],
      ['4.png', 2, 'no known finding; not known: effusion'],
    ]);
    // Image i has the gray level i.
    images.forEach(({ id, pixels }) => expect(pixels.data[0]).toBe(Number(id![0])));
  });

  it('show training images of every finding', async () => {
    const sheet = await trainingSheet({ config: tinyConfig(), data });
    expect(sheet.images.map(({ name }) => name).sort()).toEqual([
      'effusion',
      'effusion, mass',
      'mass',
      'no finding',
      'no known finding; not known: effusion',
    ]);
    expect(await drawSheet(sheet)).not.toBeNull();
  });
});

describe('testSheet', () => {
  const plain = tinyConfig({
    preprocessing: { size: 32, contrast: 'none' },
    augmentation: false,
  });

  it('shows test images without augmentation, spread over each class, with their names', async () => {
    const config = tinyConfig();
    const data = await openRunData(config);
    const { images, title } = await testSheet({ config, data });
    const all = await received(data.split.test, { config, data, training: false });
    expect(images).toHaveLength(12);
    for (const { id, label, pixels } of images) {
      expect(label).toBe(all.get(id!)!.label);
      expect(distance(pixels, all.get(id!)!.values)).toBeLessThan(0.5001);
    }
    expect(title).toEqual([
      'Test images as the network gets them, with their true classes',
      '48 x 48 (stretch), rgb, CLAHE',
    ]);
    const many = await testSheet({ config: plain, data: coloredData(4, () => 20) });
    expect(many.images.slice(0, 8).map(({ id }) => id)).toEqual(
      [0, 2, 5, 7, 10, 12, 15, 17].map((i) => `kind 0/${i}.png`),
    );
  });

  it('has the classes in order, a row of each, without those that have no test image', async () => {
    const sheet = await testSheet({
      config: plain,
      data: coloredData(5, (label) => [9, 1, 0, 2, 8][label]),
    });
    expect(sheet.images.map(({ label }) => label)).toEqual([
      ...new Array<number>(8).fill(0),
      1,
      3,
      3,
      ...new Array<number>(8).fill(4),
    ]);
    const png = (await drawSheet(sheet))!;
    const rowHeight = 96 + 2 * 16 + 20; // two lines of caption, two gaps
    const firsts = await Promise.all(
      [0, 1, 2, 3].map((row) => tileAt(png, { left: 10, top: TOP + row * rowHeight, size: 96 })),
    );
    expect(firsts.map((tile) => [...new Set(tile)])).toEqual([[0], [10], [30], [40]]);
    expect((await sharp(png).metadata()).height).toBe(TOP + 4 * rowHeight);
  });

  it('shows at least one image of each of many classes', async () => {
    for (const [classes, each] of [
      [9, 4],
      [20, 2],
      [70, 1],
    ]) {
      const { images } = await testSheet({ config: plain, data: coloredData(classes, () => 5) });
      expect(images.map(({ label }) => label)).toEqual(
        Array.from({ length: classes * each }, (_, i) => Math.floor(i / each)),
      );
    }
  });

  it('is nothing without test images', async () => {
    const sheet = await testSheet({ config: plain, data: coloredData(2, () => 0) });
    expect(await drawSheet(sheet)).toBeNull();
  });

  it('shows 12-bit images on the scale of their data set', async () => {
    const path = join(root, 'twelve-bits');
    for (const [name, value] of [
      ['dark', 1000],
      ['light', 3000],
    ] as const) {
      // prettier-ignore
      await mkdir(join(path, name), { recursive: true });
      for (let i = 0; i < 4; i++)
        await sharp(new Uint16Array(64 * 64).fill(value + i), {
          raw: { width: 64, height: 64, channels: 1 },
        })
          .toColourspace('grey16')
          .png()
          .toFile(join(path, name, `${i}.png`));
    }
    const { config, data } = await prepareRunData(
      {
        ...tinyConfig({ preprocessing: { contrast: 'none' }, split: { test: 0.5, validation: 0 } }),
        data: { path, bits: 12, cacheFolder: null } as unknown as RunConfig['data'],
      },
      {},
    );
    expect(config.preprocessing.values).toEqual([0, 4095]);
    const { images } = await testSheet({ config, data });
    expect(new Set(images.map(({ label }) => label))).toEqual(new Set([0, 1]));
    for (const { label, pixels } of images)
      expect([...new Set(pixels.data)]).toEqual([[62, 187][label]]); // 255 * 1000 / 4095, 255 * 3000 / 4095
  });
});

describe('the sheets of a run', () => {
  const failed = expect.stringMatching(
    /^The sheets that show the run's images could not be written: E/,
  ) as string;

  it('are reported and logged if they cannot be written', async () => {
    const { config, data } = await prepareRunData(tinyConfig(), {});
    const run = await createRunFolder(join(root, 'full'), { config, environment: {} });
    await writeFile(run.file('sheets'), 'a file where the folder should be');
    const events: TrainingEvent[] = [];
    await writeRunSheets({
      run,
      config,
      data,
      listener: { onEvent: (event) => events.push(event) },
    });
    expect(events).toEqual([{ type: 'warning', message: failed }]);
    expect(await readEvents(run.file('events.jsonl'))).toEqual([
      { type: 'warning', message: failed, time: expect.any(Number) as number },
    ]);
  });

  it('change nothing in the training, and do not end it if they cannot be written', async () => {
    const [whole, blocked] = [join(root, 'whole'), join(root, 'blocked')];
    await startRun(tinyConfig(), { folder: whole });
    for (const name of ['training', 'test']) {
      const { size } = await stat(join(whole, 'sheets', `${name}.webp`));
      expect(size).toBeLessThan(400_000);
      expect((await sharp(join(whole, 'sheets', `${name}.webp`)).metadata()).format).toBe('webp');
    }
    const stop = new AbortController();
    await startRun(tinyConfig(), {
      folder: blocked,
      signal: stop.signal,
      onEvent: ({ type }) => type === 'epoch' && stop.abort(),
    });
    await rm(join(blocked, 'sheets'), { recursive: true });
    await writeFile(join(blocked, 'sheets'), 'a file where the folder should be');
    const warnings: string[] = [];
    const { reason } = await resumeRun({
      folder: blocked,
      onEvent: (event) => event.type === 'warning' && warnings.push(event.message),
    });
    expect(reason).toBe('finished');
    expect(warnings).toEqual([failed]);
    for (const file of ['model/weights.safetensors', 'predictions/test-last.csv'])
      expect(await hashFile(join(blocked, file))).toBe(await hashFile(join(whole, file)));
  });
});

describe('previewImages', () => {
  it('is both sheets below each other, as a run would write them', async () => {
    const notes: string[] = [];
    const { png, images } = await previewImages(tinyConfig(), {
      onNote: (line) => notes.push(line),
    });
    expect(images).toEqual({ training: 17, test: 12 });
    expect(notes.join('\n')).toContain('augmentation: fundus');
    const { config, data } = await prepareRunData(tinyConfig(), {});
    const sheets = [await trainingSheet({ config, data }), await testSheet({ config, data })];
    const [training, test] = await Promise.all(sheets.map(drawSheet));
    const raw = async (image: Buffer): Promise<Buffer> =>
      sharp(image).removeAlpha().raw().toBuffer();
    expect((await raw(png)).equals(Buffer.concat([await raw(training!), await raw(test!)]))).toBe(
      true,
    );
  });

  it('is the training images alone without a test set', async () => {
    const { images } = await previewImages(tinyConfig({ split: { test: 0 } }));
    expect(images.test).toBe(0);
    expect(images.training).toBeGreaterThan(16);
  });
});
