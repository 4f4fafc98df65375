import { join } from 'node:path';
import type { InputError, Predictions } from '@nonlocal-med/core';
import { temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { startRun } from '../../run/startRun.js';
import { tinyConfig } from '../../testing/tinyConfig.js';
import { drawPanel, drawText } from './drawPanel.js';
import { outlineMask } from './panelCells.js';
import { panelOfRuns } from './panelOfRuns.js';
import { enlarge, panelCandidates, panelImages } from './panelRows.js';

const root = await temporaryFolder('panel');
const [baseline, method, other] = ['baseline', 'method', 'other'].map((name) => join(root, name));

beforeAll(async () => {
  const [model, training, split] = [
    { name: 'shufflenetv2-nla', width: 0.5 },
    { epochs: 1 },
    { validation: 0 },
  ];
  await startRun(tinyConfig({ model: { name: 'shufflenetv2', width: 0.5 }, training, split }), {
    folder: baseline,
  });
  await startRun(tinyConfig({ model, training, split }), { folder: method });
  await startRun(tinyConfig({ model, training, split, data: { seed: 9 } }), { folder: other });
});

describe('panelOfRuns', () => {
  it('has one row per image, and columns for the image, its lesions and each run', async () => {
    const before = tf.memory().numTensors;
    const runs = [
      { folder: baseline },
      { folder: method },
      { folder: method, layer: 'nam', title: 'attention' },
    ];
    const { png, images } = await panelOfRuns({ runs });
    expect(tf.memory().numTensors).toBe(before);
    expect(images).toHaveLength(4);
    const { width, height } = await sharp(png).metadata();
    expect(width).toBe(10 + 5 * (240 + 10) + 16 + 10 + 2 * 15);
    expect(height).toBeGreaterThan(4 * 240);
    const again = await panelOfRuns({ runs });
    expect(again.png.equals(png)).toBe(true);
    const chosen = await panelOfRuns({
      runs: runs.slice(0, 1),
      images: images.slice(1, 3).reverse(),
      explained: 'true',
    });
    expect(chosen.images).toEqual([images[2], images[1]]);
    expect((await sharp(chosen.png).metadata()).width).toBe(10 + 3 * 250 + 56);
  });

  it('reports issues of runs, images and layers', async () => {
    const message = async (options: Parameters<typeof panelOfRuns>[0]): Promise<string> =>
      ((await panelOfRuns(options).catch((error: unknown) => error)) as InputError).message;
    expect(await message({ runs: [{ folder: baseline, layer: 'nam' }] })).toContain(
      'shufflenetv2 has no layer "nam"',
    );
    expect(await message({ runs: [{ folder: baseline }], images: ['a', 'b'] })).toMatch(
      /unknown image "a"[\s\S]*unknown image "b"/,
    );
    expect(await message({ runs: [{ folder: baseline }, { folder: other }] })).toMatch(
      /other images than|no test image in common/,
    );
    expect(await message({ runs: [{ folder: root }] })).toContain(root);
    expect(await message({ runs: [] })).toContain('none given');
  });
});

describe('panelImages', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const predictions = (classes: number[]): Predictions => ({
    classes: ['x', 'y', 'z'],
    ids,
    labels: Int32Array.of(0, 0, 1, 1, 2, 2),
    probabilities: Float64Array.from({ length: 18 }, (_, i) =>
      Number(classes[Math.floor(i / 3)] === i % 3),
    ),
  });

  it('chooses images on which the runs disagree, alternating correct and wrong, small lesions first', () => {
    const candidates = panelCandidates([
      predictions([1, 1, 1, 1, 0, 2]),
      predictions([0, 0, 1, 0, 2, 2]),
    ]);
    expect(candidates.map(({ rank }) => rank)).toEqual([0, 0, 2, 1, 0, 2]);
    expect(panelImages(candidates, new Map(), 6)).toEqual(['a', 'd', 'e', 'b', 'c', 'f']);
    expect(
      panelImages(
        candidates,
        new Map([
          ['b', 0.1],
          ['e', 0.05],
        ]),
        4,
      ),
    ).toEqual(['e', 'd', 'b', 'a']);
  });
});

describe('drawText', () => {
  const line = { x: 50, baseline: 20, size: 12, width: 80 };

  it('draws Latin letters as outlines, and leaves other letters to the fonts of the machine', () => {
    expect(drawText({ ...line, text: 'é 0.87' })).toMatch(/^<path d="M[^"]+" fill="#111"\/>$/);
    expect(drawText({ ...line, text: '糖尿病<x>' })).toContain('糖尿病&lt;x&gt;</text>');
    expect(drawText({ ...line, text: 'a', bold: true })).not.toBe(drawText({ ...line, text: 'a' }));
  });

  it('shortens a long text in its middle', () => {
    const right = (path: string): number =>
      Math.max(...[...path.matchAll(/[ML](-?[\d.]+)/g)].map(([, x]) => Number(x)));
    const cut = drawText({
      ...line,
      text: 'an-identifier-that-is-far-too-long-for-its-column.png',
    });
    expect(right(cut)).toBeLessThanOrEqual(90);
    expect(right(cut)).toBeGreaterThan(80);
  });
});

describe('images', () => {
  const pixels = {
    data: Uint8Array.from({ length: 12 }, (_, i) => i),
    height: 2,
    width: 2,
    channels: 3 as const,
  };

  it('are enlarged to blocks by an integer factor', () => {
    const { data, ...rest } = enlarge(pixels, [4, 6]);
    expect(rest).toEqual({ height: 4, width: 6, channels: 3 });
    expect([...data.subarray(0, 18)]).toEqual([
      0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5, 3, 4, 5,
    ]);
    expect([...data.subarray(54)]).toEqual([
      6, 7, 8, 6, 7, 8, 6, 7, 8, 9, 10, 11, 9, 10, 11, 9, 10, 11,
    ]);
  });

  it('have lesions outlined but not covered', () => {
    const image = { data: new Uint8Array(75).fill(7), height: 5, width: 5, channels: 3 as const };
    const mask = {
      data: Uint8Array.from({ length: 25 }, (_, i) => Number(i === 12)),
      height: 5,
      width: 5,
      channels: 1 as const,
    };
    const { data } = outlineMask(image, mask);
    const green = [...data].filter((_, i) => i % 3 === 1);
    expect(green).toEqual([
      7, 7, 7, 7, 7, 7, 255, 255, 255, 7, 7, 255, 7, 255, 7, 7, 255, 255, 255, 7, 7, 7, 7, 7, 7,
    ]);
  });

  it('are drawn under their titles and above their captions', async () => {
    const black = { ...pixels, data: new Uint8Array(3 * 60 * 60), height: 60, width: 60 };
    const png = await drawPanel({
      columns: [['one'], ['two', 'second line']],
      rows: [
        [
          { pixels: black, caption: ['a'] },
          { pixels: black, caption: ['b', 'c'], color: '#b00020' },
        ],
      ],
    });
    const { data, info } = await sharp(png)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([150, 20 + 2 * 16 + 60 + 2 * 16 + 20]);
    const at = (x: number, y: number): number[] => [
      ...data.subarray(3 * (y * 150 + x), 3 * (y * 150 + x) + 3),
    ];
    expect([at(10, 52), at(69, 111), at(70, 60), at(80, 52)]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [255, 255, 255],
      [0, 0, 0],
    ]);
    const reddish = Array.from({ length: 60 * 32 }, (_, i) =>
      at(80 + (i % 60), 112 + Math.floor(i / 60)),
    ).filter(([r, g]) => r > g + 40);
    expect(reddish.length).toBeGreaterThan(5);
  });
});
