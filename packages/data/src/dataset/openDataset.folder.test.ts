import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { encodeImage, images, makeTree } from '../testing/imageTree.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset, type OpenOptions } from './openDataset.js';

const open = (
  path: string,
  options: Partial<DataOptions> & OpenOptions = {},
): ReturnType<typeof openDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

/** The issues of a data set, each as "where: what (allowed)" with the folder's own name taken out. */
async function issuesOf(path: string, options: Partial<DataOptions> = {}): Promise<string[]> {
  try {
    await open(path, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map(({ path: where, message: what, hint: allowed }) =>
      `${where}: ${what} (${allowed})`.replaceAll(path || '?', '<set>'),
    );
  }
  throw new Error('There was no issue.');
}

describe('openDataset on class folders', () => {
  it('lists images in natural order, follows links, descends into folders, skips hidden files', async () => {
    const folder = await makeTree({
      ...images([
        'b/image 10.png',
        'b/image 2.png',
        'b/Ünï cödé 中.PNG',
        'A/patient 1/left.png',
        'A/patient 1/right.png',
      ]),
      'A/photo.JPEG': { seed: 50, format: 'jpeg' },
      'A/scan.TIF': { seed: 51, format: 'tiff' },
      'A/.hidden.png': 'not an image',
      '.git/x.png': 'not an image',
      'A/notes.txt': 'text',
      'A/masks/left.png': { seed: 52 },
    });
    await symlink(join(folder, 'A'), join(folder, 'A/patient 1/circle'));
    const other = await makeTree({ 'elsewhere.png': { seed: 99 } });
    await symlink(join(other, 'elsewhere.png'), join(folder, 'b/linked.png'));
    const dataset = await open(folder);
    expect(dataset.classes).toEqual(['A', 'b']);
    expect(dataset.samples.map(({ id, label }) => [id, label])).toEqual([
      ['A/patient 1/left.png', 0],
      ['A/patient 1/right.png', 0],
      ['A/photo.JPEG', 0],
      ['A/scan.TIF', 0],
      ['b/image 2.png', 1],
      ['b/image 10.png', 1],
      ['b/linked.png', 1],
      ['b/Ünï cödé 中.PNG', 1],
    ]);
    expect(dataset.samples[0].file).toBe(join(folder, 'A/patient 1/left.png'));
    expect(dataset.notes).toEqual([
      'The top-level folders are the classes; there are also images in folders within them: A/patient 1.',
      '1 file is not an image and is ignored: A/notes.txt.',
      'Mask folders are not read as images: A/masks.',
      "Each image is its own group in a split; if the folders within those of the classes are patients, --group-pattern '^[^/]+/([^/]+)/' keeps the images of each in one split.",
    ]);
    expect(dataset.skipped).toEqual([]);
  });

  it('records the facts of every kind of image', async () => {
    const folder = await makeTree({
      'a/grey8.png': { seed: 1, channels: 1 },
      'a/rgb8.tif': { seed: 4, format: 'tiff' },
      'b/turned.jpg': { seed: 6, format: 'jpeg', orientation: 6 },
      'b/grey.jpg': { seed: 7, channels: 1, format: 'jpeg' },
      'b/picture.webp': { seed: 8, format: 'webp' },
      'b/really a png.jpg': { seed: 9, format: 'png' },
    });
    const deeper = await makeTree({
      'a/grey16.png': { seed: 2, channels: 1, depth: 16 },
      'a/rgb16.png': { seed: 3, depth: 16 },
      'b/grey16.tif': { seed: 5, channels: 1, depth: 16, format: 'tiff' },
    });
    const samples = [...(await open(folder)).samples, ...(await open(deeper)).samples];
    expect(
      Object.fromEntries(
        samples.map(({ id, facts: { width, height, color, depth, format } }) => [
          id,
          `${width}x${height} ${color} ${depth} ${format}`,
        ]),
      ),
    ).toEqual({
      'a/grey8.png': '24x16 grey 8 png',
      'a/rgb8.tif': '24x16 rgb 8 tiff',
      'b/turned.jpg': '16x24 rgb 8 jpeg',
      'b/grey.jpg': '24x16 grey 8 jpeg',
      'b/picture.webp': '24x16 rgb 8 webp',
      'b/really a png.jpg': '24x16 rgb 8 png',
      'a/grey16.png': '24x16 grey 16 png',
      'a/rgb16.png': '24x16 rgb 16 png',
      'b/grey16.tif': '24x16 grey 16 tiff',
    });
  });

  it('reports all issues together', async () => {
    const whole = await encodeImage({ seed: 70, format: 'jpeg', width: 200, height: 200 });
    const folder = await makeTree({
      ...images(['a/1.png', 'a/2.png', 'b/1.png']),
      'a/cut.jpg': whole.subarray(0, whole.length / 2),
      'a/empty.png': new Uint8Array(),
      'b/text.png': 'this is not an image',
      'b/scan.bmp': 'BM',
      'b/copy of a1.png': await encodeImage({ seed: 0 }),
    });
    await mkdir(join(folder, 'c'));
    await symlink(join(folder, 'nowhere.png'), join(folder, 'b/dead link.png'));
    await symlink(join(folder, 'b/loop.png'), join(folder, 'b/loop.png'));
    const repair = '(repair it, remove it, or leave it out with --on-bad-image skip)';
    const issues = await issuesOf(folder);
    expect(issues).toHaveLength(8);
    expect(issues).toEqual([
      expect.stringMatching(
        /^<set>\/a\/cut\.jpg: the image cannot be used: damaged or truncated JPEG file: .+ \(repair it/,
      ),
      `<set>/a/empty.png: the image cannot be used: the file is empty (0 bytes) ${repair}`,
      `<set>/b/dead link.png: the image cannot be used: the file, or what it links to, does not exist ${repair}`,
      `<set>/b/loop.png: the image cannot be used: the file cannot be read (ELOOP) ${repair}`,
      `<set>/b/scan.bmp: the image cannot be used: BMP images are not supported; convert it to PNG or TIFF ${repair}`,
      expect.stringMatching(
        /^<set>\/b\/text\.png: the image cannot be used: .*not a supported image.* \(repair it/i,
      ),
      '<set>/a/1.png: the same image is in "a" and as <set>/b/copy of a1.png in "b" (an image belongs to one class: remove the wrong ones)',
      '<set>: class "c" has no images (add images, or remove the class)',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)(
    'reports missing permissions (not testable as root)',
    async () => {
      const folder = await makeTree(images(['a/1.png', 'b/1.png']));
      await chmod(join(folder, 'a/1.png'), 0);
      expect(await issuesOf(folder)).toEqual([
        '<set>/a/1.png: the image cannot be used: no permission to read the file (repair it, remove it, or leave it out with --on-bad-image skip)',
      ]);
      await chmod(join(folder, 'b'), 0);
      expect(await issuesOf(folder)).toEqual([
        '<set>/b: the folder cannot be read (EACCES) (undefined)',
      ]);
    },
  );

  it('skips bad images on request, lists them, and reports when none are left', async () => {
    const folder = await makeTree({
      ...images(['a/1.png', 'b/1.png']),
      'a/empty.png': new Uint8Array(),
      'b/text.png': 'text',
    });
    const { samples, skipped } = await open(folder, { onBadImage: 'skip' });
    expect(samples.map(({ id }) => id)).toEqual(['a/1.png', 'b/1.png']);
    expect(skipped.map(({ file }) => file)).toEqual([
      join(folder, 'a/empty.png'),
      join(folder, 'b/text.png'),
    ]);
    expect(skipped[0].reason).toBe('the file is empty (0 bytes)');
    await rm(join(folder, 'b/1.png'));
    expect(await issuesOf(folder, { onBadImage: 'skip' })).toEqual([
      '<set>: class "b" has no images left: 1 was skipped (add images, or remove the class)',
    ]);
  });

  it('accepts one class, and classes without images, for testing a model', async () => {
    const one = await makeTree(images(['only/1.png']));
    await mkdir(join(one, 'empty'));
    const options = { path: one, cacheFolder: null, allowMissingClasses: true };
    expect((await openDataset(options)).samples.map(({ id }) => id)).toEqual(['only/1.png']);
    await rm(join(one, 'only/1.png'));
    await expect(openDataset(options)).rejects.toThrow(/class "only" has no images/);
  });

  it('reports what a path without a data set is', async () => {
    const one = await makeTree(images(['only/1.png']));
    expect(await issuesOf(join(one, 'missing'))).toEqual([
      `data.path: no such file or folder: "<set>" (a folder of class folders, a folder with a CSV or Excel file, or such a file)`,
    ]);
    expect(await issuesOf(one)).toEqual([
      '<set>: has only one class, "only" (a classifier needs at least two)',
    ]);
    expect(await issuesOf(join(one, 'only'))).toEqual([
      '<set>: has no class folders (one folder per class, with its images inside; or a CSV manifest)',
    ]);
    expect(await issuesOf(join(one, 'only/1.png'))).toEqual([
      'data.path: "<set>" is neither a folder nor a .csv, .tsv, .xlsx or .xls file (undefined)',
    ]);
  });

  it('reports all invalid options together, with their values', async () => {
    const folder = await makeTree(images(['a/1.png', 'b/1.png']));
    const issues = await issuesOf(folder, {
      kind: 'dicom' as 'csv',
      groupPattern: '^(a',
      onBadImage: 'ignore' as 'skip',
      labelThresholds: [2, 1],
      labelMapp: {},
      workers: -1,
    } as Partial<DataOptions>);
    expect(issues.sort()).toEqual([
      'data.groupPattern: got "^(a" (must be a regular expression with exactly one capture group, such as ^(\\d{8})_)',
      'data.kind: got "dicom" (one of "auto", "folder", "csv", "messidor", "messidor2", "covid19-radiography", "eyepacs", "aptos", "chestxray14", "chexpert")',
      expect.stringMatching(
        /^data\.labelMapp: unknown option \(did you mean "labelMap"\? known: path, kind, .*\)$/,
      ),
      'data.labelThresholds: got [2,1] (must be in ascending order)',
      'data.onBadImage: got "ignore" (one of "fail", "skip")',
      'data.workers: got -1 (at least 0)',
    ]);
    expect(
      await issuesOf(undefined as unknown as string).catch((error: Error) => error.message),
    ).toEqual(['data.path: missing (a string)']);
  });

  it('takes groups from file names and reports names that do not match', async () => {
    const folder = await makeTree(
      images(['a/00000001_000.png', 'a/00000001_001.png', 'b/00000002_000.png', 'b/other.png']),
    );
    const { samples, notes } = await open(folder, { groupPattern: '^(\\d{8})_\\d{3}' });
    expect(samples.map(({ group }) => group)).toEqual([
      '00000001',
      '00000001',
      '00000002',
      undefined,
    ]);
    expect(notes).toEqual([
      '--group-pattern matches 3 of 4 file names; each of the others, such as other.png, is its own group in a split.',
    ]);
    expect(await issuesOf(folder, { groupPattern: '^patient(\\d+)' })).toEqual([
      'data.groupPattern: "^patient(\\d+)" matches none of 4 file names and paths (the first is a/00000001_000.png)',
    ]);
  });

  it('keeps copies of an image together, with the groups that they join', async () => {
    const folder = await makeTree(
      images([
        'a/1_x.png',
        'a/1_y.png',
        'a/2_x.png',
        'a/2_y.png',
        'a/3_x.png',
        'a/other.png',
        'b/4_x.png',
      ]),
    );
    await copyFile(join(folder, 'a/1_x.png'), join(folder, 'a/2_copy.png'));
    await copyFile(join(folder, 'a/other.png'), join(folder, 'a/another.png'));
    const { samples, notes } = await open(folder, { groupPattern: '^(\\d)_' });
    expect(Object.fromEntries(samples.map(({ id, group }) => [id, group]))).toEqual({
      'a/1_x.png': '1',
      'a/1_y.png': '1',
      'a/2_x.png': '1',
      'a/2_y.png': '1',
      'a/2_copy.png': '1',
      'a/3_x.png': '3',
      'a/other.png': 'a/another.png',
      'a/another.png': 'a/another.png',
      'b/4_x.png': '4',
    });
    expect(notes.at(-1)).toBe(
      '2 images are copies of others in the same class and stay in the same split: a/1_x.png = a/2_copy.png; a/another.png = a/other.png.',
    );
  });

  it('has a fingerprint that is equal for equal data and changes with content, name or class', async () => {
    const files = images(['a/1.png', 'a/2.png', 'b/1.png']);
    const [first, second] = [await makeTree(files), await makeTree(files)];
    const { fingerprint } = await open(first);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect((await open(second)).fingerprint).toBe(fingerprint);
    await writeFile(join(second, 'a/2.png'), await encodeImage({ seed: 77 }));
    const changed = (await open(second)).fingerprint;
    await rename(join(second, 'a/2.png'), join(second, 'a/3.png'));
    const renamed = (await open(second)).fingerprint;
    await rename(join(second, 'a/3.png'), join(second, 'b/3.png'));
    expect(new Set([fingerprint, changed, renamed, (await open(second)).fingerprint]).size).toBe(4);
  });

  it('maps labels to classes, excludes labels, and reports unknown ones', async () => {
    const folder = await makeTree(
      images(['Normal/1.png', 'Viral/1.png', 'Bacterial/1.png', 'Blurred/1.png', 'Blurred/2.png']),
    );
    const { classes, samples, notes } = await open(folder, {
      labelMap: { Normal: 'well', Viral: 'ill', Bacterial: 'ill', Blurred: null },
    });
    expect(classes).toEqual(['well', 'ill']);
    expect(samples.map(({ id, label }) => [id, label])).toEqual([
      ['Bacterial/1.png', 1],
      ['Normal/1.png', 0],
      ['Viral/1.png', 1],
    ]);
    expect(notes[0]).toBe('2 images labeled "Blurred" excluded by labelMap.');
    expect(
      await issuesOf(folder, {
        labelMap: { normal: 'well', Viral: 'ill', Bacterial: 'ill', Blurred: null },
      }),
    ).toEqual([
      '<set>/Normal/1.png: label "Normal" is not in labelMap (1 image) (did you mean "normal"? known: normal, Viral, Bacterial, Blurred)',
      '<set>: class "well" has no images (add images, or remove the class)',
    ]);
    expect(await issuesOf(folder, { classes: ['Normal', 'Viral', 'Bacterial', 'Blured'] })).toEqual(
      [
        '<set>/Blurred/1.png: class "Blurred" is not one of the classes (2 images) (did you mean "Blured"? known: Normal, Viral, Bacterial, Blured)',
        '<set>: class "Blured" has no images (add images, or remove the class)',
      ],
    );
  });
});

describe('the cache of checks', () => {
  it('makes a second start skip decoding, except for changed and bad files', async () => {
    const folder = await makeTree({
      ...images(['a/1.png', 'a/2.png', 'b/1.png']),
      'b/bad.png': 'text',
    });
    const cacheFolder = await makeTree({});
    const countChecked = async (): Promise<number> => {
      let known = -1;
      let total = 0;
      await open(folder, {
        cacheFolder,
        onBadImage: 'skip',
        onProgress: (done, all) => ([known, total] = [known < 0 ? done : known, all]),
      });
      return total - known;
    };
    expect(await countChecked()).toBe(4);
    expect(await countChecked()).toBe(1);
    await utimes(join(folder, 'a/1.png'), new Date(), new Date(Date.now() - 5000));
    expect(await countChecked()).toBe(2);
    expect(await countChecked()).toBe(1);
  });

  it('tolerates a damaged cache and a folder that is not writable', async () => {
    const folder = await makeTree(images(['a/1.png', 'b/1.png']));
    const cacheFolder = await makeTree({});
    const { fingerprint } = await open(folder, { cacheFolder });
    const [name] = await readdir(join(cacheFolder, 'checks'));
    await writeFile(
      join(cacheFolder, 'checks', name),
      (await readFile(join(cacheFolder, 'checks', name))).subarray(0, 40),
    );
    expect((await open(folder, { cacheFolder })).fingerprint).toBe(fingerprint);
    expect(
      (await open(folder, { cacheFolder: join(folder, 'a/1.png/below a file') })).fingerprint,
    ).toBe(fingerprint);
  });

  it('stops when the signal is aborted', async () => {
    const folder = await makeTree(images(['a/1.png', 'b/1.png']));
    await expect(open(folder, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });

  it('gives the same result in worker threads', async () => {
    const folder = await makeTree({
      ...images(Array.from({ length: 20 }, (_, i) => `a/${i}.png`)),
      ...images(['b/1.png', 'b/2.png'], 100),
    });
    const [inline, threads] = [await open(folder), await open(folder, { workers: 2 })];
    expect(threads).toEqual(inline);
  });
});
