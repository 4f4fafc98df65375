import { createRandom, InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { createLoader } from '../loader/createLoader.js';
import { type DicomElements, encodeDicom, wordBytes } from '../testing/encodeDicom.js';
import { makeTree } from '../testing/imageTree.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset } from './openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): ReturnType<typeof openDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

async function messageOf(path: string, options: Partial<DataOptions> = {}): Promise<string> {
  const error: unknown = await open(path, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

interface Radiograph {
  readonly seed: number;
  readonly patient?: string;
  readonly elements?: DicomElements;
  readonly frames?: number;
}

/** A 12-bit radiograph of random values. */
function radiograph({ seed, patient = `MRN${seed}`, elements, frames = 1 }: Radiograph): Buffer {
  const random = createRandom(seed, 'radiograph');
  const values = Uint16Array.from({ length: 8 * 12 * frames }, () => random.integer(4096));
  return encodeDicom({
    rows: 8,
    columns: 12,
    elements: {
      '00080018': ['UI', `1.2.3.${seed}`],
      '00080060': ['CS', 'DX'],
      '00100010': ['PN', 'Lovelace^Ada'],
      '00100020': ['LO', patient],
      '0020000D': ['UI', `1.2.4.${seed >> 1}`],
      '00280101': ['US', 12],
      '00280102': ['US', 11],
      '00281050': ['DS', [2048]],
      '00281051': ['DS', [4096]],
      ...(frames === 1 ? {} : { '00280008': ['IS', [frames]] }),
      ...elements,
    },
    pixels: wordBytes(values),
  });
}

const folder = (more: Record<string, Uint8Array> = {}): Promise<string> =>
  makeTree({
    'sick/Lovelace_1.dcm': radiograph({ seed: 1, patient: 'MRN1' }),
    'sick/Lovelace_2': radiograph({ seed: 2, patient: 'MRN1' }),
    'well/Hopper_1.ima': radiograph({ seed: 3 }),
    'well/1.2.840.99': radiograph({ seed: 4 }),
    'well/DICOMDIR': Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]),
    ...more,
  });

describe('a manifest with DICOM files', () => {
  it('names them by path, by bare name, without an ending, and beside other images', async () => {
    const { encodeImage } = await import('../testing/imageTree.js');
    const path = await makeTree({
      'labels.csv':
        'file,label\nward/Lovelace_1.dcm,sick\nward/Lovelace_2,sick\n1.2.840.99,well\nshown.png,well\n',
      'ward/Lovelace_1.dcm': radiograph({ seed: 1, patient: 'MRN1' }),
      'ward/Lovelace_2': radiograph({ seed: 2, patient: 'MRN1' }),
      'archive/deep/1.2.840.99': radiograph({ seed: 3 }),
      'shown.png': await encodeImage({ seed: 9, channels: 1 }),
    });
    const dataset = await open(`${path}/labels.csv`, { keepNames: true });
    const rows = dataset.samples.map(({ id, label, group }) => [id, dataset.classes[label], group]);
    expect(rows).toEqual([
      ['archive/deep/1.2.840.99', 'well', 'MRN3'],
      ['shown.png', 'well', undefined],
      ['ward/Lovelace_1.dcm', 'sick', 'MRN1'],
      ['ward/Lovelace_2', 'sick', 'MRN1'],
    ]);
    const hidden = await open(`${path}/labels.csv`);
    for (const { id } of hidden.samples) expect(id).toMatch(/^dicom-[0-9a-f]{16}$/);
  });

  it('may name the patients, which are hashed as well', async () => {
    const path = await makeTree({
      'labels.csv': 'file,label,patient\na,sick,Lovelace\nb,well,Lovelace\nc,well,Hopper\n',
      a: radiograph({ seed: 1 }),
      b: radiograph({ seed: 2 }),
      c: radiograph({ seed: 3 }),
    });
    const named = await open(path, { keepNames: true });
    expect(named.samples.map(({ group }) => group)).toEqual(['Lovelace', 'Lovelace', 'Hopper']);
    const { samples, notes } = await open(path);
    expect(new Set(samples.map(({ group }) => group)).size).toBe(2);
    expect(JSON.stringify([samples.map(({ group }) => group), notes])).not.toMatch(/Love|Hopper/);
  });
});

describe('openDataset with DICOM files', () => {
  it('finds them whatever they are called, and keeps the images of a patient together', async () => {
    const path = await folder();
    const dataset = await open(path, { keepNames: true });
    expect(dataset.samples.map(({ id }) => id)).toEqual([
      'sick/Lovelace_1.dcm',
      'sick/Lovelace_2',
      'well/1.2.840.99',
      'well/Hopper_1.ima',
    ]);
    expect(dataset.samples.map(({ group }) => group)).toEqual(['MRN1', 'MRN1', 'MRN4', 'MRN3']);
    expect(dataset.values).toEqual({ window: 'file' });
    expect(dataset.notes).toContain(
      'Images with the same PatientID stay in the same split: 3 patients.',
    );
    const byStudy = await open(path, { keepNames: true, groupColumn: 'StudyInstanceUID' });
    expect(byStudy.samples.map(({ group }) => group)).toEqual([
      '1.2.4.0',
      '1.2.4.1',
      '1.2.4.2',
      '1.2.4.1',
    ]);
  });

  it('counts the patients that are known', async () => {
    const none = { '00100020': ['LO', ''] } as const;
    const some = await folder({ 'well/9.dcm': radiograph({ seed: 9, elements: none }) });
    expect((await open(some)).notes.slice(0, 2)).toEqual([
      'Images with the same PatientID stay in the same split: 3 patients.',
      '1 DICOM file without a PatientID: each is its own group in a split.',
    ]);
  });

  it.each([2_000_000_000, 400, 3])(
    'refuses a file that declares %i frames without having them',
    async (frames) => {
      const many = radiograph({ seed: 9, elements: { '00280008': ['IS', [frames]] } });
      const path = await folder({ 'well/many.dcm': many });
      const message = await messageOf(path);
      expect(message).toContain('well/many.dcm: the image cannot be used: damaged');
      expect(message).toContain(`it declares ${frames} frames, but has ${many.length} bytes`);
      expect(message).not.toContain('problems'); // one for the file, not one per frame
    },
  );

  it('names a file that has changed by its hash, since a run records why it stopped', async () => {
    const path = await folder();
    const { samples, classes } = await open(path);
    const changed = samples.map((sample) => ({ ...sample, facts: { hash: 'another' } }));
    const loader = createLoader(changed, { classes, workers: 0 });
    await expect(loader.epoch(0)[Symbol.asyncIterator]().next()).rejects.toThrow(
      /^dicom-[0-9a-f]{16}: the file has changed/,
    );
    await loader.close();
  });

  it('names images and patients by hashes, the same ones each time', async () => {
    const path = await folder();
    const dataset = await open(path);
    const ids = dataset.samples.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^dicom-[0-9a-f]{16}$/);
    const groups = dataset.samples.map(({ group }) => group);
    expect(new Set(groups).size).toBe(3);
    const text = JSON.stringify([
      dataset.notes,
      dataset.samples.map((sample) => ({ ...sample, file: undefined })),
    ]);
    expect(text).not.toMatch(/Lovelace|Hopper|MRN|1\.2\.[348]/);
    expect((await open(path)).samples.map(({ id }) => id)).toEqual(ids);
    // Another data set with the same patient has other hashes.
    const other = await open(await folder({ 'well/more.dcm': radiograph({ seed: 5 }) }));
    expect(other.samples.map(({ group }) => group)).not.toContain(groups[0]);
  });

  it('hashes what a pattern captures, and skipped files', async () => {
    const path = await folder({ 'well/Curie_1.dcm': Buffer.from('DICM'.padStart(132, '\0')) });
    const dataset = await open(path, { groupPattern: '^([A-Z][a-z]+)_', onBadImage: 'skip' });
    expect(JSON.stringify([dataset.notes, dataset.skipped])).not.toMatch(/Lovelace|Hopper|Curie/);
    expect(dataset.samples.filter(({ group }) => group !== undefined)).toHaveLength(3);
    expect(dataset.skipped).toHaveLength(1);
    // What the user sees and nobody keeps.
    expect(dataset.privateNotes).toContain(
      `Skipped: well/Curie_1.dcm (${dataset.skipped[0].file}).`,
    );
  });

  it('names files in issues, but not in what is kept of them', async () => {
    const path = await folder({ 'well/Curie_1.dcm': Buffer.from('DICM'.padStart(132, '\0')) });
    const error = (await open(path).catch((reason: unknown) => reason)) as InputError;
    expect(error.message).toContain('well/Curie_1.dcm: the image cannot be used');
    expect(error.record).toBe(
      '1 problem with the images; data check shows it, with names of files, which are not kept',
    );
    expect(await messageOf(await folder(), { groupPattern: '^(Curie)_' })).toContain(
      '"^(Curie)_" matches none of 4 file names and paths (the first is sick/Lovelace_1.dcm)',
    );
    const named = (await open(path, { keepNames: true }).catch(
      (reason: unknown) => reason,
    )) as InputError;
    expect(named.record).toBeUndefined();
  });

  it('has a secret key for its hashes if files have no SOP Instance UID', async () => {
    const anonymous = (seed: number): Buffer =>
      radiograph({ seed, patient: 'MRN1', elements: { '00080018': ['UI', ''] } });
    const groupsOf = async (seeds: readonly number[]): Promise<unknown[]> => {
      const path = await makeTree({
        'a/1': anonymous(seeds[0]),
        'a/2': anonymous(seeds[1]),
        'b/3': radiograph({ seed: seeds[2], elements: { '00080018': ['UI', ''] } }),
      });
      return [...new Set((await open(path)).samples.map(({ group }) => group))].sort();
    };
    const [first, same] = [await groupsOf([1, 2, 3]), await groupsOf([1, 2, 3])];
    expect(first).toHaveLength(2);
    expect(same).toEqual(first);
    for (const group of await groupsOf([4, 5, 3])) expect(first).not.toContain(group);
  });

  it('takes each frame as an image of the same patient', async () => {
    const path = await folder({ 'well/cine.dcm': radiograph({ seed: 6, frames: 3 }) });
    const { samples, classes, values, notes } = await open(path, { keepNames: true });
    const frames = samples.filter(({ id }) => id.startsWith('well/cine.dcm'));
    expect(frames.map(({ id, frame, group }) => [id, frame, group])).toEqual([
      ['well/cine.dcm#1', 0, 'MRN6'],
      ['well/cine.dcm#2', 1, 'MRN6'],
      ['well/cine.dcm#3', 2, 'MRN6'],
    ]);
    expect(new Set(frames.map(({ facts }) => facts.hash)).size).toBe(3);
    expect(notes.join()).toContain('1 DICOM file with several frames: each of the 3 frames');
    const loader = createLoader(frames, {
      classes,
      workers: 0,
      preprocessing: {
        size: [8, 12],
        color: 'grey',
        contrast: 'none',
        values,
        clipLimit: 2,
        tiles: [8, 8],
        mean: [0, 0, 0],
        std: [1, 1, 1],
      },
    });
    const random = createRandom(6, 'radiograph');
    const stored = Array.from({ length: 8 * 12 * 3 }, () => random.integer(4096));
    for await (const { images } of loader.epoch(0))
      for (const [i, value] of stored.entries()) expect(images[3 * i]).toBeCloseTo(value / 4095, 4);
    await loader.close();
  });

  it('applies one window to all in the units of their rescale, if it is given', async () => {
    const rescale = { '00281052': ['DS', [-1024]], '00281053': ['DS', [1]] } as const;
    const path = await makeTree({
      'a/1.dcm': radiograph({ seed: 1, elements: rescale }),
      'b/2.dcm': radiograph({ seed: 2, elements: rescale }),
    });
    const { values, samples, notes } = await open(path, { valueRange: [-1000, 400] });
    expect(values).toEqual([-1000, 400]);
    expect(samples[0].facts.values![0]).toBeGreaterThanOrEqual(-1024);
    expect(notes.join()).toContain('2 DICOM images: values from -1,000 to 400, black to white');
  });

  it('accepts 8-bit images beside them, but none of another depth', async () => {
    const { encodeGrey16, encodeImage } = await import('../testing/imageTree.js');
    const path = await folder({
      'well/shown.png': await encodeImage({ seed: 9, channels: 1 }),
    });
    const { values, notes } = await open(path);
    expect(values).toEqual({ window: 'file' });
    expect(notes.join()).toContain(
      '1 image with 8 bits beside 4 DICOM images: it is taken as already windowed for display',
    );
    const mixed = await folder({
      'well/raw.png': await encodeGrey16(Uint16Array.of(1, 2, 3, 4095), { width: 2 }),
    });
    expect(await messageOf(mixed)).toContain(
      'mixes DICOM files with 1 image that does not have 8 bits (well/raw.png)',
    );
  });

  it('says what could lead to a wrong conclusion', async () => {
    const same = await makeTree({
      'a/1.dcm': radiograph({
        seed: 2,
        patient: 'ANON',
        elements: { '00280301': ['CS', 'YES'] },
      }),
      'b/2.dcm': radiograph({ seed: 4, patient: 'ANON' }),
    });
    const { notes, samples } = await open(same);
    expect(samples.map(({ group }) => group)).toEqual([undefined, undefined]);
    expect(notes.join()).toContain('All 2 DICOM files have the same PatientID, or none');
    expect(notes.join()).toContain('BurnedInAnnotation YES');
    const noStudy = { '0020000D': ['UI', ''] } as const;
    const single = await makeTree({
      'a/1.dcm': radiograph({ seed: 2, patient: 'ANON', elements: noStudy }),
      'b/2.dcm': radiograph({ seed: 4, patient: 'ANON', elements: noStudy }),
    });
    expect((await open(single)).samples.map(({ group }) => group)).toEqual([undefined, undefined]);
    expect(await messageOf(await folder(), { window: 2 })).toContain(
      '4 DICOM images have no window 2',
    );
    const plain = await makeTree({ 'a/1.png': { seed: 1 }, 'b/2.png': { seed: 2 } });
    expect(await messageOf(plain, { groupColumn: 'PatientID' })).toContain(
      '"PatientID" is an attribute of DICOM files, but the data set has none',
    );
  });
});
