import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCsv } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneLine, printEval } from '../testing/runEval.js';

const folder = await temporaryFolder('unlike');
const run = (...parameters: string[]): Promise<string> => printEval(folder, ...parameters);

interface Compared {
  readonly id: string;
  readonly unlike: {
    readonly distance: number;
    readonly text: string;
    readonly reasons: readonly { readonly statistic: string; readonly value: number }[];
  } | null;
}

interface Result {
  readonly images: readonly Compared[];
  readonly unlike: {
    readonly checked: boolean;
    readonly images: number;
    readonly unlike: readonly { readonly id: string; readonly text: string }[];
  };
}

beforeAll(async () => {
  await imageFolder(join(folder, 'images'), { images: 90 });
  const config = parseRunConfig({
    data: { path: join(folder, 'images'), cacheFolder: null },
    split: { test: 0.2, validation: 0 },
    preprocessing: { size: 48 },
    model: { name: 'resnet18' },
    training: { epochs: 1, batchSize: 8 },
    loader: { workers: 0 },
    explanations: { images: 0 },
  });
  await startRun(config, { folder: join(folder, 'run') });
  // Four images of the same kind, of which the run has none, one of them without color and one blank.
  for (const [name, index] of [
    ['some/usual', 1000],
    ['none/usual', 1001],
    ['none/gray', 1002],
    ['none/blank', 1003],
  ] as const) {
    const { pixels } = tinyLesionsImage({ size: 64, seed: 1, index, classes: 2 });
    const data = name === 'none/blank' ? pixels.data.map(() => 40) : pixels.data;
    const image = sharp(data, { raw: { width: 64, height: 64, channels: 3 } });
    await mkdir(join(folder, 'other', name, '..'), { recursive: true });
    await (name === 'none/gray' ? image.grayscale() : image)
      .png()
      .toFile(join(folder, 'other', `${name}.png`));
  }
});

describe('images unlike the training images', () => {
  it('are named by predict, with the reason, and counted', async () => {
    const text = await run('predict', 'run', 'other', '--csv', 'out.csv', '--json', 'out.json');
    expect(oneLine(text)).toContain(
      ' 2 of 4 images (50 %; about 1 % is usual) are unlike the training images: treat their predictions with caution. ',
    );
    expect(oneLine(text)).toMatch(/ other\/none\/blank\.png: .+ \(.+; training images .+\)/);
    expect(oneLine(text)).toMatch(
      / other\/none\/gray\.png: without color \(color 0\.0 %; training images \d+ to \d+ %\)/,
    );
    const { images, unlike } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Result;
    expect(unlike).toMatchObject({ checked: true, images: 4 });
    expect(unlike.unlike.map(({ id }) => id)).toEqual([
      'other/none/blank.png',
      'other/none/gray.png',
    ]);
    const gray = images.find(({ id }) => id === 'other/none/gray.png')!.unlike!;
    expect(gray.reasons[0]).toMatchObject({ statistic: 'color', value: 0 });
    const [header, ...rows] = parseCsv(readFileSync(join(folder, 'out.csv'), 'utf8')).map(
      ({ fields }) => fields,
    );
    const [distance, reason] = [header.indexOf('distance'), header.indexOf('unlike')];
    for (const [index, { unlike: compared }] of images.entries()) {
      expect(Number(rows[index][distance])).toBe(compared!.distance);
      expect(rows[index][reason]).toBe(compared!.text);
    }
    expect(rows.map((row) => row[reason] !== '')).toEqual([true, true, false, false]);
  });

  it('are not mentioned where there are none', async () => {
    expect(await run('predict', 'run/model', 'other/some/usual.png')).not.toMatch(/unlike/i);
  });

  it('are counted by evaluate on other data', async () => {
    const text = await run('evaluate', 'run', '--data', 'other');
    expect(oneLine(text)).toContain(
      '2 of 4 images (50 %; about 1 % is usual) are unlike the training',
    );
    const { unlike } = JSON.parse(
      await run('evaluate', 'run/model', '--data', 'other', '--json'),
    ) as Result;
    expect(unlike.unlike.map(({ id }) => id).sort()).toEqual(['none/blank.png', 'none/gray.png']);
  });

  it('are not known to a model without statistics of its training images', async () => {
    for (const place of ['run', 'run/model'])
      await rm(join(folder, place, 'training-statistics.json'));
    expect(oneLine(await run('predict', 'run', 'other/none/blank.png'))).toMatch(
      / Not checked whether images are unlike the training images: the model has no statistics/,
    );
    const { images, unlike } = JSON.parse(await run('predict', 'run', 'other', '--json')) as Result;
    expect(unlike.checked).toBe(false);
    expect(images.map(({ unlike: compared }) => compared)).toEqual([null, null, null, null]);
    expect(await run('evaluate', 'run', '--data', 'other')).toContain('Not checked whether images');
  });
});
