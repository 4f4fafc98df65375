import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  type Batch,
  createRandom,
  defaultPreprocessing,
  InputError,
  type Preprocessing,
} from '@nonlocal-med/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDataset, type OpenedDataset } from '../dataset/openDataset.js';
import { augment } from '../image/augment.js';
import { decodeImage } from '../image/decodeImage.js';
import { normalize, preprocess } from '../image/preprocess.js';
import { encodeImage, makeTree, type TestImage } from '../testing/imageTree.js';
import {
  createLoader,
  type Loader,
  type LoaderOptions,
  type LoaderSample,
} from './createLoader.js';

const preprocessing: Preprocessing = { ...defaultPreprocessing, size: [20, 24], tiles: [2, 2] };
const formats = ['jpeg', 'png', 'tiff'] as const;
let folder: string;
let dataset: OpenedDataset;

beforeAll(async () => {
  const names = Array.from({ length: 22 }, (_, i): [string, TestImage] => [
    `${i % 3 === 0 ? 'a' : 'b'}/${i}.${formats[i % 3]}`,
    { seed: i, width: 40 + i, height: 35, channels: i % 4 === 0 ? 1 : 3, format: formats[i % 3] },
  ]);
  folder = await makeTree(Object.fromEntries(names));
  dataset = await openDataset({ path: folder, workers: 0, cacheFolder: null });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A loader of the test's data set, closed when the test ends. */
function load(
  options: Partial<LoaderOptions> = {},
  samples: readonly LoaderSample[] = dataset.samples,
): Loader {
  const loader = createLoader(samples, {
    classes: dataset.classes,
    preprocessing,
    batchSize: 4,
    workers: 0,
    ...options,
  });
  onTestFinished(() => loader.close());
  return loader;
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** Batches with a hash in the place of each image's values, so that a difference can be read. */
function digest(
  batches: readonly Batch[],
): { ids: readonly string[]; labels: number[]; images: string[] }[] {
  return batches.map(({ images, ids, labels }) => {
    const size = images.length / ids.length;
    return {
      ids,
      labels: [...labels],
      images: ids.map((_, i) =>
        createHash('sha256')
          .update(bytesOf(images.subarray(i * size, (i + 1) * size)))
          .digest('hex')
          .slice(0, 12),
      ),
    };
  });
}

describe('createLoader', () => {
  it('yields batches of the declared shape, in order, the last one smaller or dropped', async () => {
    const loader = load();
    const batches = await collect(loader.epoch(0));
    expect([loader.sampleCount, loader.batchesPerEpoch, batches.length]).toEqual([22, 6, 6]);
    expect(batches.map(({ shape }) => shape)).toEqual([
      ...Array<number[]>(5).fill([4, 20, 24, 3]),
      [2, 20, 24, 3],
    ]);
    expect(batches.every(({ images, shape }) => images.length === shape[0] * 20 * 24 * 3)).toBe(
      true,
    );
    expect(batches.flatMap(({ ids }) => ids)).toEqual(dataset.samples.map(({ id }) => id));
    expect(batches.flatMap(({ labels }) => [...labels])).toEqual(
      dataset.samples.map(({ label }) => label),
    );
    const dropping = load({ dropLast: true });
    expect([dropping.batchesPerEpoch, (await collect(dropping.epoch(0))).length]).toEqual([5, 5]);
  });

  it.each(['rgb', 'grey'] as const)(
    'applies the image functions to each image, in order (%s)',
    async (color) => {
      const options = {
        seed: 5,
        shuffle: true,
        preprocessing: { ...preprocessing, color },
        augmentation: { rotation: 1 },
      };
      for (const { images, ids } of await collect(load(options).epoch(3))) {
        for (const [index, id] of ids.entries()) {
          const { file } = dataset.samples.find((sample) => sample.id === id)!;
          const whole = preprocess(await decodeImage(file), options.preprocessing);
          const expected = normalize(
            augment(whole, createRandom(5, 'augmentation', 3, id), options.augmentation),
            preprocessing,
            new Float32Array(20 * 24 * 3),
          );
          expect(
            Buffer.compare(
              bytesOf(images.subarray(index * expected.length, (index + 1) * expected.length)),
              bytesOf(expected),
            ),
          ).toBe(0);
        }
      }
    },
  );

  it('yields identical batches with any number of threads, cached or not', async () => {
    const of = async (options: Partial<LoaderOptions>): Promise<unknown> => {
      const loader = load({ seed: 3, shuffle: true, augmentation: {}, ...options });
      return digest([...(await collect(loader.epoch(0))), ...(await collect(loader.epoch(1)))]);
    };
    const inline = await of({});
    for (const options of [
      { workers: 1 },
      { workers: 2, prefetch: 7 },
      { workers: 2, cacheMegabytes: 0 },
    ])
      expect(await of(options)).toEqual(inline);
  });

  it('shuffles and augments each epoch differently, from the seed', async () => {
    const loader = load({ shuffle: true, augmentation: {} });
    const idsOf = async (epoch: number, from = loader): Promise<string> =>
      (await collect(from.epoch(epoch))).flatMap(({ ids }) => ids).join();
    const orders = [
      await idsOf(0),
      await idsOf(1),
      await idsOf(0, load({ shuffle: true, seed: 1 })),
    ];
    expect(new Set(orders).size).toBe(3);
    for (const order of orders)
      expect(order.split(',').sort()).toEqual(dataset.samples.map(({ id }) => id).sort());
    expect(await idsOf(0)).toBe(orders[0]);
    const [first, second] = [
      await collect(load({ augmentation: {} }).epoch(0)),
      await collect(load({ augmentation: {} }).epoch(1)),
    ];
    expect(first[0].ids).toEqual(second[0].ids);
    expect(digest(first)).not.toEqual(digest(second));
  });

  it.each([0, 2])(
    'yields the same batches when an epoch is entered at any batch (%i threads)',
    async (workers) => {
      const options = { shuffle: true, augmentation: {}, workers };
      const all = await collect(load(options).epoch(4));
      for (const firstBatch of [0, 3, 5, 6, 9])
        expect(digest(await collect(load(options).epoch(4, { firstBatch })))).toEqual(
          digest(all.slice(firstBatch)),
        );
    },
  );

  it('accepts images in memory', async () => {
    const samples = await Promise.all(
      dataset.samples.map(async ({ id, label, file }) => ({
        id,
        label,
        pixels: await decodeImage(file),
      })),
    );
    const expected = digest(await collect(load().epoch(0)));
    for (const workers of [0, 1]) {
      const loader = load({ workers }, samples);
      expect(digest(await collect(loader.epoch(0)))).toEqual(expected);
      expect(digest(await collect(loader.epoch(1)))).toEqual(expected);
      expect(loader.statistics()).toMatchObject({ decoded: 22, memoryHits: 22 });
    }
  });

  it('makes at most `prefetch` batches ahead of a slow consumer', async () => {
    const loader = load({ workers: 2, prefetch: 3, batchSize: 1 });
    let taken = 0;
    for await (const { labels } of loader.epoch(0)) {
      taken += labels.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(loader.statistics().decoded).toBeLessThanOrEqual(taken + 3);
    }
    expect(loader.statistics()).toMatchObject({ batches: 22, decoded: 22, mostAhead: 3 });
  });

  it('can be left in the middle of an epoch and entered again', async () => {
    const loader = load({ workers: 1, batchSize: 2 });
    for await (const { ids } of loader.epoch(0)) if (ids.includes(dataset.samples[2].id)) break;
    expect(loader.statistics().batches).toBe(2);
    expect((await collect(loader.epoch(0))).flatMap(({ ids }) => ids)).toHaveLength(22);
  });

  it('ends with the reason of a signal, even while a consumer waits', async () => {
    const stop = new AbortController();
    const loader = load({ workers: 1, batchSize: 11, signal: stop.signal });
    const running = collect(loader.epoch(0));
    stop.abort(new Error('interrupted'));
    await expect(running).rejects.toThrow('interrupted');
    await expect(collect(loader.epoch(1))).rejects.toThrow('interrupted');
  });

  it('cannot be used once closed, and closing ends epochs in progress', async () => {
    const loader = load({ workers: 1 });
    const batches = loader.epoch(0)[Symbol.asyncIterator]();
    await batches.next();
    await loader.close();
    await loader.close();
    await expect(batches.next()).rejects.toThrow('The loader is closed.');
    await expect(collect(loader.epoch(0))).rejects.toThrow('The loader is closed.');
  });

  it('rejects options out of range', () => {
    expect(() => load({ batchSize: 0 })).toThrow(
      'batchSize must be an integer of at least 1, got 0.',
    );
    expect(() => load({ workers: 1.5 })).toThrow(
      'workers must be an integer of at least 0, got 1.5.',
    );
    expect(() => load({ prefetch: 0 })).toThrow(
      'prefetch must be an integer of at least 1, got 0.',
    );
    expect(() => load({ preprocessing: { ...preprocessing, tiles: [0, 8] } })).toThrow(/tiles/);
    expect(() => load({ augmentation: { rotation: 2 } })).toThrow(
      'augmentation.rotation: 2 is not a probability (0 to 1)',
    );
    expect(() => load({ cacheMegabytes: -1 })).toThrow(
      'cacheMegabytes must be at least 0, got -1.',
    );
  });
});

describe('issues while loading', () => {
  it.each([0, 1])('name the file (%i threads)', async (workers) => {
    const own = await makeTree({
      'a/1.png': { seed: 1 },
      'a/2.png': { seed: 2 },
      'b/1.png': { seed: 3 },
      'b/2.png': { seed: 4 },
    });
    const { samples } = await openDataset({ path: own, workers: 0, cacheFolder: null });
    await rm(join(own, 'a/2.png'));
    await writeFile(join(own, 'b/1.png'), await encodeImage({ seed: 5 }));
    await writeFile(join(own, 'b/2.png'), (await encodeImage({ seed: 6 })).subarray(0, 300));
    const issueOf = async (index: number, { hash }: { hash: boolean }): Promise<InputError> => {
      const loader = load({ workers }, [
        hash ? samples[index] : { ...samples[index], facts: undefined },
      ]);
      return collect(loader.epoch(0)).then(
        () => expect.fail('no issue'),
        (error: InputError) => error,
      );
    };
    const gone = await issueOf(1, { hash: true });
    expect(gone).toBeInstanceOf(InputError);
    expect(gone.message).toBe(`${join(own, 'a/2.png')}: the file no longer exists`);
    expect((await issueOf(2, { hash: true })).message).toBe(
      `${join(own, 'b/1.png')}: the file has changed since the data set was checked (start again)`,
    );
    expect((await issueOf(3, { hash: false })).message).toMatch(/b\/2\.png: .*(damaged|cut off)/);
  });
});

describe('caches of the loader', () => {
  it('avoid decoding in a second epoch', async () => {
    const loader = load({ workers: 1, shuffle: true, augmentation: {} });
    await collect(loader.epoch(0));
    expect(loader.statistics()).toMatchObject({ decoded: 22, memoryHits: 0, diskHits: 0 });
    await collect(loader.epoch(1));
    expect(loader.statistics()).toMatchObject({ decoded: 22, memoryHits: 22 });
  });

  it('stay within their memory limit', async () => {
    const room = (10 * 20 * 24 * 3) / 2 ** 20; // ten images
    const loader = load({ cacheMegabytes: room, shuffle: true });
    await collect(loader.epoch(0));
    await collect(loader.epoch(1));
    expect(loader.statistics()).toMatchObject({ decoded: 22 + 12, memoryHits: 10 });
  });

  it('on disk serve the next run, only for the same content and parameters', async () => {
    const cacheFolder = await makeTree({});
    const runs = async (
      options: Partial<LoaderOptions> = {},
    ): Promise<[unknown, { decoded: number; diskHits: number }]> => {
      const loader = load({ cacheFolder, workers: 1, ...options });
      const batches = digest(await collect(loader.epoch(0)));
      const { decoded, diskHits } = loader.statistics();
      return [batches, { decoded, diskHits }];
    };
    const [fresh, first] = await runs();
    expect(first).toEqual({ decoded: 22, diskHits: 0 });
    expect(await runs()).toEqual([fresh, { decoded: 0, diskHits: 22 }]);
    expect((await runs({ preprocessing: { ...preprocessing, clipLimit: 4 } }))[1]).toEqual({
      decoded: 22,
      diskHits: 0,
    });
    expect((await runs({ preprocessing: { ...preprocessing, mean: [0, 0, 0] } }))[1]).toEqual({
      decoded: 0,
      diskHits: 22,
    });
    const unchecked = createLoader(
      dataset.samples.map(({ facts: _, ...sample }) => sample),
      { classes: dataset.classes, preprocessing, workers: 0, cacheFolder },
    );
    expect(digest(await collect(unchecked.epoch(0)))).toEqual(fresh);
    expect(unchecked.statistics()).toMatchObject({ decoded: 0, diskHits: 22 });
  });

  it('on disk are recreated if damaged', async () => {
    const cacheFolder = await makeTree({});
    const fresh = digest(await collect(load({ cacheFolder }).epoch(0)));
    const files = (
      await readdir(join(cacheFolder, 'images'), { recursive: true, withFileTypes: true })
    )
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files).toHaveLength(22);
    const bytes = await readFile(files[0]);
    bytes[500] ^= 1;
    await writeFile(files[0], bytes);
    await writeFile(files[1], bytes.subarray(0, 100));
    await writeFile(files[2], '');
    const [again, last] = [load({ cacheFolder }), load({ cacheFolder })];
    expect(digest(await collect(again.epoch(0)))).toEqual(fresh);
    expect(again.statistics()).toMatchObject({ decoded: 3, diskHits: 19 });
    await collect(last.epoch(0));
    expect(last.statistics()).toMatchObject({ decoded: 0, diskHits: 22 });
  });

  it('warn once if they are not writable, and continue', async () => {
    const warnings: string[] = [];
    const loader = load({
      workers: 1,
      cacheFolder: join(dataset.samples[0].file, 'below a file'),
      onWarning: (message) => warnings.push(message),
    });
    expect(await collect(loader.epoch(0))).toHaveLength(6);
    expect(warnings).toEqual([
      expect.stringMatching(/^Cannot cache preprocessed images in ".*below a file": ENOTDIR/),
    ]);
  });
});

describe('threads of the loader', () => {
  const script = (body: string): string => {
    const dist = (file: string): string =>
      pathToFileURL(fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))).href;
    return `import { openDataset } from ${JSON.stringify(dist('dataset/openDataset.js'))}; import { createLoader } from ${JSON.stringify(dist('loader/createLoader.js'))};
      const dataset = await openDataset({ path: ${JSON.stringify(folder)}, cacheFolder: null, workers: 2 });
      const loader = createLoader(dataset.samples, { classes: dataset.classes, workers: 2, batchSize: 2 });
      ${body}`;
  };
  const run = async (body: string): Promise<string> =>
    (
      await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script(body)], {
        timeout: 30_000,
      })
    ).stdout.trim();

  it('let the process exit when the loader is closed, and when it is not', async () => {
    expect(
      await run(
        'let n = 0; for await (const { labels } of loader.epoch(0)) n += labels.length; await loader.close(); console.log(n);',
      ),
    ).toBe('22');
    expect(
      await run(
        'for await (const { labels } of loader.epoch(0)) { console.log(labels.length); break; }',
      ),
    ).toBe('2');
  });

  it('serve several loaders at once, and survive the closing of one', async () => {
    const [train, validation] = [load({ workers: 1, shuffle: true }), load({ workers: 1 })];
    const [a, b] = await Promise.all([collect(train.epoch(0)), collect(validation.epoch(0))]);
    await train.close();
    expect(digest(await collect(validation.epoch(0)))).toEqual(digest(b));
    expect(a.flatMap(({ ids }) => ids).sort()).toEqual(b.flatMap(({ ids }) => ids).sort());
  });

  it('keep working while the main thread is busy', async () => {
    const cacheFolder = await makeTree({});
    const loader = load({ workers: 2, batchSize: 2, prefetch: 4, cacheFolder });
    const batches = loader.epoch(0)[Symbol.asyncIterator]();
    await batches.next();
    const isEnough = (): boolean =>
      readdirSync(join(cacheFolder, 'images'), { recursive: true, encoding: 'utf8' }).filter(
        (name) => /\/[0-9a-f]{64}$/.test(name),
      ).length >= 10;
    const end = Date.now() + 40_000;
    while (!isEnough() && Date.now() < end); // never lets the event loop turn
    expect(isEnough()).toBe(true);
  });
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

describe('samples with several findings', () => {
  const labels = [
    [1, 0, -1],
    [0, 1, 1],
    [-1, -1, 0],
    [0, 0, 0],
    [1, 1, 1],
  ];
  const withFindings = (): LoaderSample[] =>
    dataset.samples.slice(0, 5).map((sample, i) => ({ ...sample, label: -1, findings: labels[i] }));
  const classes = ['effusion', 'mass', 'hernia'];

  it('give labels [batch, findings] in the order of the ids', async () => {
    const samples = withFindings();
    const loader = load({ classes, batchSize: 3, shuffle: true }, samples);
    expect(loader.task).toBe('multilabel');
    const batches = await collect(loader.epoch(0));
    expect(batches.map((batch) => batch.labels.length)).toEqual([9, 6]);
    for (const batch of batches)
      batch.ids.forEach((id, row) => {
        const index = samples.findIndex((sample) => sample.id === id);
        expect([...batch.labels.subarray(3 * row, 3 * row + 3)]).toEqual(labels[index]);
      });
  });

  it('must have a label for each finding', () => {
    expect(() => load({ classes: classes.slice(1) }, withFindings())).toThrow(
      `Sample "${dataset.samples[0].id}" has 3 findings, expected 2.`,
    );
    expect(() => load({ classes }, [...withFindings(), dataset.samples[6]])).toThrow(
      `Sample "${dataset.samples[6].id}" has 0 findings, expected 3.`,
    );
    expect(load().task).toBe('multiclass');
  });
});

describe('balanced classes', () => {
  const options = {
    shuffle: true,
    balanced: true,
    seed: 5,
    augmentation: { rotation: 1, horizontalFlip: 0.5 },
  };

  it('augments a repeated image differently each time, in one thread as in several', async () => {
    const batches = await collect(load(options).epoch(0));
    const ids = batches.flatMap((batch) => batch.ids);
    expect(
      batches.flatMap(({ labels }) => [...labels]).filter((label) => label === 0),
    ).toHaveLength(11);
    const size = 20 * 24 * 3;
    const imagesOf = (id: string): string[] =>
      batches.flatMap((batch) =>
        batch.ids.flatMap((other, index) =>
          other === id
            ? [
                createHash('sha256')
                  .update(batch.images.subarray(index * size, (index + 1) * size))
                  .digest('hex'),
              ]
            : [],
        ),
      );
    const repeated = ids.find((id, index) => ids.indexOf(id) !== index)!;
    const images = imagesOf(repeated);
    expect(images.length).toBeGreaterThan(1);
    expect(new Set(images).size).toBe(images.length);

    const threads = await collect(load({ ...options, workers: 2 }).epoch(0, { firstBatch: 2 }));
    expect(threads).toEqual(batches.slice(2));
    const parts = [0, 1].map((index) => load(options).partOf!({ index, of: 2 }));
    const [first, second] = await Promise.all(parts.map((part) => collect(part.epoch(0))));
    expect(first.map(({ ids: own }, batch) => [...own, ...second[batch].ids])).toEqual(
      batches.map((batch) => [...batch.ids]),
    );
    expect(
      Buffer.concat([first[3], second[3]].map(({ images: own }) => Buffer.from(own.buffer))),
    ).toEqual(Buffer.from(batches[3].images.buffer));
  });

  it('needs a random order and one class per image', () => {
    expect(() => load({ balanced: true })).toThrow('balanced needs shuffle');
    const findings = [{ ...dataset.samples[0], label: -1, findings: [1, 0] }];
    expect(() => load(options, findings)).toThrow('balanced needs one class per image');
  });
});
