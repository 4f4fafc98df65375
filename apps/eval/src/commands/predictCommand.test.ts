import { readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCsv } from '@nonlocal-med/core';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { type Ended, imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { overlayNames } from '../predictedOverlays.js';
import { oneLine, runEval } from '../testing/runEval.js';

const folder = await temporaryFolder('predict');
/** Rows of the run's own predictions: id, truth, none, some. */
let tested: (readonly string[])[] = [];

/** Runs `predict run`, or another model, as a user in `folder`. */
const predict = (...parameters: string[]): Promise<Ended> =>
  runEval(folder, 'predict', ...parameters);

interface Result {
  readonly images: {
    readonly id: string;
    readonly truth: string | null;
    readonly prediction: string;
    readonly probabilities: Readonly<Record<string, number>>;
    readonly seen: string | null;
    readonly notes: readonly string[];
    readonly networkMilliseconds: number;
  }[];
  readonly failed: { readonly id: string; readonly reason: string }[];
  readonly milliseconds: { readonly network: number; readonly decode: number };
  readonly seen: { readonly images: number; readonly seen: readonly object[] };
  readonly test?: {
    readonly images: number;
    readonly includeSeen: boolean;
    readonly noTestBecause?: string;
    readonly report: { readonly metrics: { readonly accuracy: { readonly value: number } } };
  };
}

const jsonOf = async (...parameters: string[]): Promise<Result> =>
  JSON.parse((await predict(...parameters, '--json')).stdout) as Result;
const readRows = (file: string): (readonly string[])[] =>
  parseCsv(readFileSync(join(folder, file), 'utf8')).map(({ fields }) => fields);

beforeAll(async () => {
  await imageFolder(join(folder, 'images'));
  const config = parseRunConfig({
    data: { path: join(folder, 'images'), cacheFolder: null },
    split: { test: 0.34, validation: 0 },
    preprocessing: { size: 48 },
    model: { name: 'resnet18' },
    training: { epochs: 1, batchSize: 8 },
    loader: { workers: 0 },
    explanations: { images: 0 },
  });
  await startRun(config, { folder: join(folder, 'run') });
  await cp(join(folder, 'run/model'), join(folder, 'exported'), { recursive: true });
  tested = readRows('run/predictions/test-last.csv').slice(1);
  await mkdir(join(folder, 'mixed/deep'), { recursive: true });
  for (const [name, [id]] of [
    ['b.png', tested[0]],
    ['deep/a.png', tested[1]],
    ['=c.png', tested[2]],
    ['cut.png', tested[3]],
  ] as const)
    await copyFile(join(folder, 'images', id), join(folder, 'mixed', name));
  await truncate(join(folder, 'mixed/cut.png'), 500);
});

describe('predict', () => {
  it('predicts the probabilities of the run, for a run and for its exported model', async () => {
    const ids = tested.map(([id]) => `images/${id}`);
    for (const model of ['run', 'exported']) {
      const { images } = await jsonOf(model, ...ids);
      expect(images.map(({ id }) => id)).toEqual(ids);
      images.forEach(({ probabilities, prediction }, index) => {
        const [, , none, some] = tested[index].map(Number);
        expect(probabilities.none).toBeCloseTo(none, 5);
        expect(probabilities.some).toBeCloseTo(some, 5);
        expect(prediction).toBe(none > some ? 'none' : 'some');
      });
    }
  });

  it('predicts the same in batches of any size', async () => {
    const [one, many] = [
      await jsonOf('run', 'images'),
      await jsonOf('run', 'images', '--batch', '7'),
    ];
    expect(one.images).toHaveLength(24);
    one.images.forEach(({ id, probabilities }, index) => {
      expect(many.images[index].id).toBe(id);
      expect(many.images[index].probabilities.none).toBeCloseTo(probabilities.none, 5);
    });
    expect(one.milliseconds.network).toBeGreaterThan(0);
    expect(one.milliseconds.decode).toBeGreaterThan(0);
  });

  it('keeps all results when images cannot be read, and exits with 2, or with 0 to skip them', async () => {
    await writeFile(join(folder, 'mixed/list.csv'), 'file\nb.png\ngone.png\n');
    const parameters = ['run', 'mixed', 'mixed/list.csv', '--csv', 'out.csv', '--json', 'out.json'];
    const { code, stdout, stderr } = await predict(...parameters);
    expect(code).toBe(2);
    expect(stderr).toContain('1 image named more than once, predicted once: b.png.');
    expect(stdout).toMatch(
      /^image +prediction +none +some\n[-\s]+\nmixed\/=c\.png .*\nmixed\/b\.png .*\nmixed\/deep\/a\.png /,
    );
    expect(stdout).toMatch(
      /Not predicted: 2 of 5 images\n {2}mixed\/cut\.png: damaged or truncated PNG file: [^]*\n {2}gone\.png: does not exist \(searched in\s/,
    );
    expect(stdout).toMatch(
      /\nPer image: \d+\.\d ms network, \d+\.\d ms decoding in one thread \(medians,\swithout\swarm-up\)\n$/,
    );
    const [header, ...rows] = readRows('out.csv');
    expect(header.join()).toBe(
      'id,truth,none,some,prediction,probability,network_ms,decode_ms,seen,distance,unlike,notes,error',
    );
    const json = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Result;
    expect(rows.map(([id]) => id)).toEqual([
      'mixed/=c.png',
      'mixed/b.png',
      'mixed/cut.png',
      'mixed/deep/a.png',
      'gone.png',
    ]);
    expect(rows[2].slice(1, 12)).toEqual(Array(11).fill(''));
    expect(json.failed.map(({ id, reason }) => [id, reason])).toEqual(
      [rows[2], rows[4]].map((row) => [row[0], row.at(-1)]),
    );
    // The numbers of the table have all digits: reading them gives the float64 of the JSON.
    [rows[0], rows[1], rows[3]].forEach((row, index) => {
      const { probabilities, prediction, networkMilliseconds } = json.images[index];
      expect(row.slice(2, 7)).toEqual([
        String(probabilities.none),
        String(probabilities.some),
        prediction,
        String(probabilities[prediction]),
        String(networkMilliseconds),
      ]);
      expect(row.at(-1)).toBe('');
    });
    const skipping = await predict(...parameters, '--on-bad-image', 'skip');
    expect(skipping).toMatchObject({ code: 0 });
    expect(skipping.stdout).toContain('Not predicted: 2 of 5 images');
    const nothing = await predict('run', 'mixed/cut.png', '--on-bad-image', 'skip');
    expect(nothing.code).toBe(2);
    expect(nothing.stdout).toMatch(/^No image was predicted\.\n/);
  });

  it('writes names that a spreadsheet would take for formulas as paths', async () => {
    await copyFile(join(folder, 'images', tested[0][0]), join(folder, '=1+1, "x".png'));
    expect((await predict('run', '=1+1, "x".png', '--csv', '-')).stdout).toMatch(
      /\n"\.\/=1\+1, ""x""\.png",,0\./,
    );
  });

  it('says which page of a file was read', async () => {
    const [first, second] = tested.map(([id]) => join(folder, 'images', id));
    await copyFile(first, join(folder, 'page-1.png'));
    await sharp([first, second], { join: { animated: true } })
      .tiff({ compression: 'lzw' })
      .toFile(join(folder, 'pages.tif'));
    const { stdout } = await predict('run', 'pages.tif', 'page-1.png');
    expect(stdout).toContain('\npages.tif: has 2 pages, of which the first was read.\n');
    const { images } = await jsonOf('run', 'pages.tif', 'page-1.png');
    expect(images[0].notes).toEqual(['has 2 pages, of which the first was read']);
    expect(images[0].probabilities.none).toBeCloseTo(images[1].probabilities.none, 6);
  });

  it('sums many images up by class', async () => {
    for (let index = 0; index < 41; index++)
      await cp(join(folder, 'images', tested[0][0]), join(folder, 'many', `${index}.png`));
    const { stdout } = await predict('run', 'many/*.png');
    const none = Number(tested[0][2]) > 0.5;
    expect(stdout).toMatch(/^41 images; --csv FILE or --json FILE writes each of them\n/);
    expect(stdout).toMatch(none ? /\nnone +41 +100\.0 % +0\.\d{4}\n/ : /\nsome +41 +100\.0 % +0\./);
  });
});

describe('predict with images that the model has seen', () => {
  it('says how many they are', async () => {
    const seen = 24 - tested.length;
    const { stdout } = await predict('run', 'images');
    expect(oneLine(stdout)).toContain(
      `The model has seen ${seen} of the 24 images: ${seen} used for training. Its predictions`,
    );
    const trained = (await readdir(join(folder, 'images'), { recursive: true }))
      .filter((name) => name.endsWith('.png'))
      .map((name) => join('images', name))
      .filter((id) => !tested.some((row) => id.endsWith(row[0])));
    for (const [inputs, what, them] of [
      [trained.slice(0, 1), 'the only image', 'it'],
      [trained.slice(0, 2), 'both images', 'them'],
      [trained.slice(0, 3), 'all 3 images', 'them'],
    ] as const) {
      const { stdout: all } = await predict('run', ...inputs);
      expect(oneLine(all)).toContain(
        `The model has seen ${what}: ${inputs.length} used for training. Its predictions for ${them} say`,
      );
    }
    const { images } = await jsonOf('exported', 'images');
    expect(images.filter((image) => image.seen === 'training')).toHaveLength(seen);
    expect(
      images
        .filter((image) => image.seen === null)
        .map(({ id }) => id.slice(7))
        .sort(),
    ).toEqual(tested.map(([id]) => id).sort());
  });

  it('tests only the others, by the folders or a manifest, unless told to include them', async () => {
    const correct = tested.filter(
      ([, truth, none, some]) => truth === (Number(none) > Number(some) ? 'none' : 'some'),
    ).length;
    const { test, images } = await jsonOf('run', 'images', '--folder-labels');
    expect(images.every(({ id, truth }) => id.startsWith(`images/${truth}`))).toBe(true);
    expect(test).toMatchObject({ images: tested.length, includeSeen: false });
    expect(test!.report.metrics.accuracy.value).toBeCloseTo(correct / tested.length, 10);

    const lines = images.map(({ id, truth }) => `${id},${truth === 'none' ? 0 : 1}`);
    await writeFile(join(folder, 'labels.csv'), ['image,finding', ...lines].join('\n'));
    const labels = ['--label-column', 'finding', '--label-map', '0=none,1=some'];
    const all = await predict('run', 'labels.csv', ...labels, '--include-seen');
    expect(all.stdout).toContain('Results on 24 images (95 % intervals)');
    expect(oneLine(all.stdout)).toContain(
      'INCLUDED although the model has seen them (--include-seen)',
    );
    const unseen = await predict('exported', 'labels.csv', ...labels);
    expect(unseen.stdout).toContain(`Results on ${tested.length} images (95 % intervals)`);
    expect(unseen.stdout).toContain(`Excluded ${24 - tested.length} of 24 images`);
    const included = await jsonOf('run', 'labels.csv', ...labels, '--include-seen');
    expect(included.test).toMatchObject({ images: 24, includeSeen: true });
    expect((await predict('run', 'labels.csv', '--ignore-labels')).stdout).not.toContain('Results');
  });

  it('gives no accuracy if all were seen', async () => {
    const ids = (await jsonOf('run', 'images')).images
      .filter(({ seen }) => seen !== null)
      .map(({ id }) => id);
    const { code, stdout } = await predict('run', ...ids.slice(0, 3), '--folder-labels');
    expect(code).toBe(0);
    expect(oneLine(stdout)).toMatch(
      /Not tested: .*the model has seen all 3 images with a label, so nothing/,
    );
  });
});

describe('predict --explain', () => {
  it('writes an overlay of each readable image, at its own size beside a color bar', async () => {
    const { code, stderr } = await predict(
      'run',
      'mixed',
      '--explain',
      'overlays',
      '--on-bad-image',
      'skip',
    );
    expect(code).toBe(0);
    expect(stderr).toContain(`Overlays: ${join(folder, 'overlays')}`);
    expect((await readdir(join(folder, 'overlays'))).sort()).toEqual(
      ['=c', 'a', 'b'].map((name) => `${name}-grad-cam-plus-plus.png`),
    );
    // The image has 64 pixels and is shown four times as large; then come the bar with margins and labels, and 3 lines.
    expect(await sharp(join(folder, 'overlays/b-grad-cam-plus-plus.png')).metadata()).toMatchObject(
      {
        width: 256 + 40,
        height: 256 + 3 * 16 + 5,
      },
    );
  });

  it('gives every overlay a unique file name', () => {
    const files = ['a/x.png', 'b/x.jpg', 'x-2.png', 'c/X.png', 'y.png'];
    const frames = [0, 1].map((frame) => ({ file: 'z.dcm', frame }));
    expect(overlayNames([...files.map((file) => ({ file })), ...frames])).toEqual([
      'x',
      'x-2',
      'x-2-2',
      'X-3',
      'y',
      'z-frame-1',
      'z-frame-2',
    ]);
    const instances = ['1.2.840.101', '1.2.840.102.dcm'].map((file) => ({ file }));
    expect(overlayNames(instances)).toEqual(['1.2.840.101', '1.2.840.102']);
  });
});
