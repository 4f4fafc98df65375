import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import {
  type CheckedSample,
  type ImageIdentity,
  imageIdentity,
  openDataset,
  tinyLesionsDataset,
} from '@nonlocal-med/data';
import {
  createRunFolder,
  type ImageRecord,
  readImageRecord,
  readSaltedRecord,
  writeSaltedRecord,
} from '@nonlocal-med/runs';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { openRunData } from '../data/runData.js';
import { describeSeen, excludeSeen } from './excludeSeen.js';
import { recordImages } from './imageRecord.js';
import { saltRecord } from './saltedRecord.js';
import { openSeenImages, type SeenImages } from './seenImages.js';

const root = await temporaryFolder('seen');
const images = join(root, 'images');
const runFolder = join(root, 'run');
const exported = join(root, 'exported');
let record: ImageRecord;
let samples: readonly CheckedSample[];

/** Copies of the run's images as another program saves them: JPEG, a third smaller. */
async function saveAgain(folder: string): Promise<readonly CheckedSample[]> {
  for (const { id, file } of samples) {
    const copy = join(folder, id.replace('.png', '.jpg'));
    await mkdir(join(copy, '..'), { recursive: true });
    await sharp(file).resize(43).jpeg({ quality: 80 }).toFile(copy);
  }
  return (await openDataset({ path: folder, cacheFolder: null })).samples;
}

const idsOf = (split: string): string[] =>
  record.images.flatMap((image) => (image.split === split ? image.id : []));

beforeAll(async () => {
  const path = await imageFolder(images);
  const config = parseRunConfig({
    data: { path, cacheFolder: null },
    split: { test: 0.25, validation: 0.25 },
  });
  const data = await openRunData(config);
  samples = data.dataset.samples as readonly CheckedSample[];
  record = recordImages(data);
  await createRunFolder(runFolder, { config, environment: {}, images: record });
  await writeSaltedRecord(exported, await saltRecord(record));
});

/** The record of the run and that of the exported model, which must agree. */
const sources = [
  ['run', runFolder],
  ['model', exported],
] as const;

describe('the images that a run has used', () => {
  it('are recorded with their split', async () => {
    expect(await readImageRecord(runFolder)).toEqual(record);
    const count = (split: string): number => idsOf(split).length;
    expect([count('training'), count('validation'), count('test')]).toEqual([13, 5, 6]);
    expect(record.images.map(({ id }) => id).sort()).toEqual(samples.map(({ id }) => id).sort());
    const [first] = record.images;
    expect(first.content).toBe(samples.find(({ id }) => id === first.id)!.facts.hash);
  });

  it('may be images in memory', () => {
    const { samples: generated } = tinyLesionsDataset({ count: 2, size: 64 });
    const { images: recorded } = recordImages({
      split: { train: generated, validation: [], test: [] },
    });
    expect(recorded).toMatchObject([{ split: 'training' }, { split: 'training' }]);
    expect(recorded[0].content).not.toBe(recorded[1].content);
  });
});

describe('excluding seen images', () => {
  it('reports progress after each image, and lets Ctrl-C stop it', async () => {
    const seen = await openSeenImages(exported);
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number): void => void progress.push([done, total]);
    await excludeSeen(samples, seen, { path: images, onProgress });
    expect(progress).toEqual(samples.map((_, index) => [index + 1, samples.length]));

    const stop = new AbortController();
    setImmediate(() => stop.abort()); // as a signal of the operating system arrives: between two turns of the event loop
    const endless = [...Array(2000).keys()].map(() => samples[0]);
    await expect(excludeSeen(endless, seen, { path: images, signal: stop.signal })).rejects.toThrow(
      /abort/,
    );
  });

  it.each(sources)(
    'keeps the test set of the run and leaves out what it was trained and selected on (%s)',
    async (source, folder) => {
      const { samples: kept, report } = await excludeSeen(samples, await openSeenImages(folder), {
        path: images,
      });
      expect(kept.map(({ id }) => id).sort()).toEqual(idsOf('test').sort());
      expect(report).toMatchObject({ checked: true, source, images: 24, excluded: 18 });
      expect(new Set(report.seen.map(({ rule }) => rule))).toEqual(new Set(['same content']));
      const seenIn = (split: string): string[] =>
        report.seen.flatMap((image) => (image.split === split ? image.id : []));
      expect(seenIn('training').sort()).toEqual(idsOf('training').sort());
      expect(seenIn('validation').sort()).toEqual(idsOf('validation').sort());
      expect(describeSeen(report)).toEqual([
        'Excluded 18 of 24 images, which the model has seen: 13 used for training and 5 for selecting the best checkpoint (18 with the same content). --include-seen keeps them.',
      ]);
    },
  );

  it.each(sources)('recognizes images that were saved again (%s)', async (source, folder) => {
    const again = await saveAgain(join(root, `again-${source}`));
    const { samples: kept, report } = await excludeSeen(again, await openSeenImages(folder), {
      path: images,
    });
    const png = (id: string): string => id.replace('.jpg', '.png');
    expect(kept.map(({ id }) => png(id)).sort()).toEqual(idsOf('test').sort());
    for (const { id, rule, distance, original } of report.seen) {
      expect(rule).toBe('near duplicate');
      expect(distance).toBeLessThanOrEqual(14);
      expect(original).toBe(source === 'run' ? png(id) : undefined);
    }
    expect(describeSeen(report)[0]).toContain('(18 near duplicates)');
  });

  it('counts an image of the test set as unseen even if it nearly equals a training image', async () => {
    const [train, test] = ['training', 'test'].map((split) =>
      record.images.find((image) => image.split === split)!,
    );
    const twin = { ...test, perceptual: train.perceptual };
    const identity: ImageIdentity = twin;
    const changed = { ...record, images: record.images.map((i) => (i === test ? twin : i)) };
    const folder = join(root, 'twin');
    await createRunFolder(folder, { config: {}, environment: {}, images: changed });
    const salted = join(root, 'twin-model');
    await writeSaltedRecord(salted, await saltRecord(changed));
    for (const place of [folder, salted]) {
      const seen = (await openSeenImages(place)) as Exclude<SeenImages, { unknownBecause: string }>;
      expect(await seen.find(identity)).toBeNull();
      expect(await seen.find({ ...identity, content: 'f'.repeat(64) })).toMatchObject({
        rule: 'near duplicate',
        split: 'training',
        distance: 0,
      });
    }
  });

  it('fails if no image is left, and keeps all of them on request', async () => {
    const trained = samples.filter(({ id }) => idsOf('training').includes(id));
    const seenImages = await openSeenImages(runFolder);
    await expect(excludeSeen(trained, seenImages, { path: 'images' })).rejects.toThrow(
      /^images: the model has seen all of its 13 images: 13 used for training \(13 with the same content\)\. [^]*--include-seen/,
    );
    const { samples: kept, report } = await excludeSeen(trained, seenImages, {
      path: 'images',
      includeSeen: true,
    });
    expect(kept).toHaveLength(13);
    expect(report).toMatchObject({ excluded: 0, includeSeen: true });
    expect(report.seen).toHaveLength(13);
    expect(describeSeen(report)[0]).toMatch(/^INCLUDED although .* 13 of 13 images; /);
  });
});

describe('the record of an exported model', () => {
  it('contains neither names nor hashes, in an order of its own, and differs between models', async () => {
    const text = await readFile(join(exported, 'seen-images.json'), 'utf8');
    for (const { id, content, perceptual } of record.images) {
      expect(text).not.toContain(id.split('/')[1]);
      expect(text).not.toContain(content.slice(0, 8));
      expect(text).not.toContain(perceptual.slice(0, 12));
    }
    const one = (await readSaltedRecord(exported))!;
    const other = await saltRecord(record);
    const digests = ({ learned, test }: typeof one): string[] => [
      ...learned.flatMap(({ content, perceptual }) => [content, perceptual]),
      ...test,
    ];
    const all = [...digests(one), ...digests(other)];
    expect(all).toHaveLength(2 * (2 * 18 + 6));
    expect(new Set(all).size).toBe(all.length);
    const contents = one.learned.map(({ content }) => content);
    expect(contents).toEqual([...contents].sort());
  });
});

describe('a run of a version without a record', () => {
  it('is checked with its data set, as long as that is unchanged', async () => {
    const copy = await imageFolder(join(root, 'copy'));
    const config = parseRunConfig({
      data: { path: copy, cacheFolder: null },
      split: { test: 0.25, validation: 0.25 },
    });
    const { dataset } = await openRunData(config);
    const folder = join(root, 'old');
    await createRunFolder(folder, {
      config,
      environment: { data: { fingerprint: dataset.fingerprint, images: 24 } },
    });
    const open = (): Promise<SeenImages> => openSeenImages(folder);
    const { report } = await excludeSeen(samples, await open(), { path: images });
    expect(report).toMatchObject({ source: 'data set', images: 24, excluded: 18 });

    await writeFile(join(copy, 'none', 'more.png'), await readFile(samples[0].file));
    expect(await open()).toMatchObject({ unknownBecause: expect.stringMatching(/changed/) });
    await rm(copy, { recursive: true });
    const gone = await excludeSeen(samples, await open(), { path: images });
    expect(gone.samples).toHaveLength(24);
    expect(gone.report).toMatchObject({ checked: false, excluded: 0 });
    expect(describeSeen(gone.report)[0]).toMatch(
      /^NOT CHECKED .* earlier version.*no such file or folder.*copy.* the results are too good\.$/,
    );
  });

  it('cannot be checked if only its model is there', async () => {
    const seen = await openSeenImages(join(root, 'nothing'));
    expect(seen).toMatchObject({ unknownBecause: expect.stringContaining('earlier version') });
  });

  it('is not confused with a damaged record', async () => {
    const folder = join(root, 'damaged');
    await createRunFolder(folder, { config: {}, environment: {}, images: record });
    await writeFile(join(folder, 'images.json'), '{"version": 1, "images": [{"id": "a"}]}');
    const error = await openSeenImages(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(/images\.json/);
  });
});

it('an image without facts or pixels cannot be looked up', () => {
  expect(() => imageIdentity({ id: 'a', label: 0, file: 'a.png' })).toThrow(TypeError);
});
