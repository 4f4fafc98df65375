import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputError } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { localizationScores } from '@nonlocal-med/explain';
import type { ExplainedMap, ExplanationIndex } from '@nonlocal-med/runs';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { startRun } from '../run/startRun.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { explainRun, type ExplainRunOptions, type RunExplanation } from './explainRun.js';

const root = await temporaryFolder('explained');
const folder = join(root, 'run');
const explanations = join(folder, 'explanations');

beforeAll(async () => {
  await startRun(
    tinyConfig({
      model: { name: 'shufflenetv2-nla', width: 0.5 },
      training: { epochs: 1 },
      split: { validation: 0 },
    }),
    { folder },
  );
});

async function explain(options: Partial<ExplainRunOptions> = {}): Promise<RunExplanation> {
  const before = tf.memory().numTensors;
  try {
    return await explainRun({ folder, ...options });
  } finally {
    expect(tf.memory().numTensors).toBe(before);
  }
}

const readIndex = async (place = explanations): Promise<ExplanationIndex> =>
  JSON.parse(await readFile(join(place, 'index.json'), 'utf8')) as ExplanationIndex;
const issuesOf = async (explanation: Promise<unknown>): Promise<string> =>
  ((await explanation.catch((error: unknown) => error)) as InputError).message;
const grayscale = (file: string): Promise<Buffer> =>
  sharp(join(explanations, file)).toColourspace('b-w').raw().toBuffer();

describe('explainRun', () => {
  it('writes images, masks, maps, overlays and an index of the test images at the usual layers', async () => {
    const progress: number[] = [];
    const {
      index,
      summary,
      folder: written,
    } = await explain({ onImages: (stage, done) => stage === 'explaining' && progress.push(done) });
    expect(written).toBe(explanations);
    expect(await readIndex()).toEqual(index);
    expect(index).toMatchObject({
      format: 1,
      model: 'shufflenetv2-nla',
      weights: 'last',
      classes: ['no dots', 'dots'],
      layers: ['e1', 'fused', 'nam'],
      maps: [
        { method: 'gradcam++', layer: 'e1' },
        { method: 'gradcam', layer: 'fused' },
        { method: 'attention-source', layer: 'nam' },
      ],
    });
    expect(index.images).toHaveLength(12);
    expect(progress).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    for (const { probabilities, predicted, picture, mask, maps } of index.images) {
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
      expect(predicted).toBe(probabilities.indexOf(Math.max(...probabilities)));
      expect(await sharp(join(explanations, picture)).metadata()).toMatchObject({
        format: 'webp',
        width: 48,
        height: 48,
      });
      expect(await sharp(join(explanations, mask!)).metadata()).toMatchObject({
        format: 'png',
        width: 48,
        height: 48,
        channels: 1,
      });
      expect(maps.map(({ method, layer, class: own }) => ({ method, layer, class: own }))).toEqual(
        index.maps!.map((map) => ({ ...map, class: predicted })),
      );
      for (const { map, overlay } of maps) {
        expect(await sharp(join(explanations, map)).metadata()).toMatchObject({
          format: 'png',
          width: 48,
          height: 48,
          channels: 1,
          depth: 'uchar',
        });
        // five times as large, with the scale of the colors (4 margins of 5 pixels) and three lines of text
        expect(await sharp(join(explanations, overlay)).metadata()).toMatchObject({
          format: 'png',
          width: 240 + 8 * 5,
          height: 240 + 3 * 16 + 5,
          channels: 3,
        });
      }
    }
    const lesions = index.images.filter(({ label }) => label === 1).length;
    expect(summary.map(({ layer, images, withLesions }) => [layer, images, withLesions])).toEqual(
      index.layers.map((layer) => [layer, 12, lesions]),
    );
    expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/partial/));
  });

  it('scores the maps against the masks, and averages the scores', async () => {
    const { images, layers } = await readIndex();
    const { summary } = await explain();
    const scored = images.filter(({ label }) => label === 1);
    const scoresAt = (layer: string): NonNullable<ExplainedMap['scores']>[] =>
      scored.map(({ maps }) => maps.find((map) => map.layer === layer)!.scores!);
    expect(
      images
        .filter(({ label }) => label === 0)
        .flatMap(({ maps }) => maps)
        .some(({ scores }) => scores !== undefined),
    ).toBe(false);
    for (const { maps, mask } of scored) {
      const lesions = Uint8Array.from(await grayscale(mask!), (value) => Number(value > 0));
      // the map's file has 256 levels: enough for the energy to a percent
      for (const { map, scores } of maps) {
        const again = localizationScores(Float32Array.from(await grayscale(map)), lesions)!;
        expect(again.lesionShare).toBe(scores!.lesionShare);
        if (scores!.energyInside !== null)
          expect(again.energyInside! - scores!.energyInside).toBeCloseTo(0, 2);
      }
    }
    layers.forEach((layer, index) => {
      const [own, { pointing, energyInside, chance }] = [scoresAt(layer), summary[index]];
      expect(pointing!.mean).toBeCloseTo(
        own.reduce((sum, score) => sum + score.pointing, 0) / own.length,
        12,
      );
      expect(chance).toBeCloseTo(
        own.reduce((sum, score) => sum + score.lesionShare, 0) / own.length,
        12,
      );
      expect(pointing!.lower === null).toBe(new Set(own.map((score) => score.pointing)).size === 1); // equal scores have no interval
      expect(energyInside!.lower!).toBeLessThan(energyInside!.mean);
      expect(energyInside!.upper!).toBeGreaterThan(energyInside!.mean);
    });
  });

  it('explains the requested classes, layers and images, with curves and attention', async () => {
    const ids = (await readIndex()).images
      .slice(3, 5)
      .map(({ id }) => id)
      .reverse();
    const out = join(root, 'chosen');
    const { index, summary } = await explain({
      out,
      images: ids,
      layers: ['e2'],
      classes: ['all'],
      curves: { step: 500 },
      attentionAt: { x: 20, y: 31 },
      tolerance: 2,
    });
    expect(index.images.map(({ id }) => id)).toEqual(ids);
    for (const { maps, attention } of index.images) {
      expect(maps.map(({ layer, class: own }) => [layer, own])).toEqual([
        ['e2', 0],
        ['e2', 1],
      ]);
      for (const { perturbation } of maps) {
        expect(perturbation!.deletion).toBeGreaterThan(0);
        expect(perturbation!.insertion).toBeLessThan(1);
      }
      expect(attention).toMatchObject({ layer: 'nam', x: 20, y: 31 });
      expect(await sharp(join(out, attention!.map)).metadata()).toMatchObject({
        width: 12,
        height: 12,
      });
      expect(await sharp(join(out, attention!.overlay)).metadata()).toMatchObject({
        width: 48,
        height: 48,
      });
    }
    const ofPredicted = index.images.map(
      ({ maps, predicted }) => maps.find((map) => map.class === predicted)!.perturbation!.deletion,
    );
    expect(summary[0].deletion!.mean).toBeCloseTo((ofPredicted[0] + ofPredicted[1]) / 2, 12);
  });

  it('uses each method at the layers that suit it, and records the methods', async () => {
    const options = { images: 2, out: join(root, 'methods') };
    const chosen = await explain({
      ...options,
      methods: ['layercam', 'attention-received'],
      layers: ['e2', 'nam'],
      curves: { step: 500 },
    });
    const expected = [
      { method: 'layercam', layer: 'e2' },
      { method: 'layercam', layer: 'nam' },
      { method: 'attention-received', layer: 'nam' },
    ];
    expect(chosen.index.maps).toEqual(expected);
    expect(chosen.summary.map(({ method, layer }) => ({ method, layer }))).toEqual(expected);
    expect(chosen.summary.every(({ deletion, insertion }) => deletion && insertion)).toBe(true);
    for (const { maps } of chosen.index.images) {
      expect(maps.map(({ method, layer }) => ({ method, layer }))).toEqual(expected);
      expect(new Set(maps.map(({ map }) => map)).size).toBe(3);
    }
    const usual = await explain({ ...options, methods: ['gradcam', 'layercam'] });
    expect(usual.index.maps!.map(({ method, layer }) => `${method} ${layer}`)).toEqual([
      'gradcam fused',
      'gradcam e4',
      'gradcam nam',
      'layercam e1',
      'layercam e2',
      'layercam fused',
    ]);
  });

  it('chooses a number of images in proportion to the classes, always the same ones', async () => {
    const [first, again] = [
      await explain({ images: 5, layers: ['e4'] }),
      await explain({ images: 5, layers: ['e4'] }),
    ];
    expect(first.index).toEqual(again.index);
    const labels = first.index.images.map(({ label }) => label);
    expect(labels).toHaveLength(5);
    expect(new Set(labels).size).toBe(2);
  });

  it('keeps the earlier explanations when it is stopped, and leaves no partial folder', async () => {
    await explain({ images: 2, layers: ['fused'] });
    const before = await readIndex();
    const stop = new AbortController();
    const stopped = explain({
      signal: stop.signal,
      onImages: (stage, done) =>
        stage === 'explaining' && done === 3 && stop.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await readIndex()).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('reports all issues together, and replaces only folders of explanations', async () => {
    const message = await issuesOf(
      explain({
        layers: ['e9', 'gap'],
        attentionAt: { x: 48, y: 0 },
        curves: { step: 0 },
        tolerance: -1,
      }),
    );
    for (const part of [
      'no layer "e9" (did you mean "e1"?',
      'the output of "gap" is not a feature map',
      'got 0',
      'got -1',
      'pixel (48, 0) is outside',
    ])
      expect(message).toContain(part);
    expect(await issuesOf(explain({ methods: ['attention-source'], layers: ['e2'] }))).toContain(
      'method: "attention-source" needs a layer with attention, got e2 (nam)',
    );
    expect(await issuesOf(explain({ methods: ['layer-cam' as 'layercam'] }))).toContain(
      'methods.0: got "layer-cam" (one of "gradcam", "gradcam++", "layercam"',
    );
    expect(await issuesOf(explain({ classes: ['dot'] }))).toContain('did you mean "dots"?');
    expect(await issuesOf(explain({ images: ['tiny-lesions-0-1', 'x'] }))).toMatch(
      /unknown image "tiny-lesions-0-1"[\s\S]*unknown image "x"/,
    );
    expect(await issuesOf(explain({ weights: 'selected' }))).toContain('no selected weights');
    await mkdir(join(root, 'mine'));
    await writeFile(join(root, 'mine', 'thesis.txt'), 'months of work');
    expect(await issuesOf(explain({ out: join(root, 'mine'), images: 1 }))).toContain(
      'contains something else',
    );
    expect(await readFile(join(root, 'mine', 'thesis.txt'), 'utf8')).toBe('months of work');
  });
});

describe('explainRun on another data set', () => {
  const data = {
    path: join(root, 'images'),
    cacheFolder: null,
    labelMap: { none: 'no dots', some: 'dots' },
  };

  /** A mask file for each image with lesions, larger than the input of the network, so that it is resized. */
  beforeAll(async () => {
    await imageFolder(data.path, { images: 6 });
    for (const index of [1, 3, 5]) {
      const { mask } = tinyLesionsImage({ size: 64, seed: 1, index, classes: 2 });
      const file = join(root, 'masks', 'some', `image-${index}_mask.png`);
      await mkdir(join(root, 'masks', 'some'), { recursive: true });
      await sharp(
        mask.data.map((value) => 255 * value),
        { raw: { width: 64, height: 64, channels: 1 } },
      )
        .png()
        .toFile(file);
    }
  });

  it('names the line of config.yaml to change when the data set was moved', async () => {
    const moved = join(root, 'moved');
    await cp(folder, moved, { recursive: true });
    const gone = join(root, 'gone');
    const file = join(moved, 'config.yaml');
    const config = await readFile(file, 'utf8');
    const named = config.replace(/^data:\n(?: .*\n)+/m, `data:\n  kind: auto\n  path: ${gone}\n`);
    await writeFile(file, named);
    expect(await issuesOf(explainRun({ folder: moved }))).toContain(
      `the data set of the run is no longer at "${gone}" (if it was moved, change line`,
    );
  });

  it('finds masks in a separate folder', async () => {
    const {
      folder: written,
      summary,
      index,
    } = await explain({ data, masks: join(root, 'masks'), layers: ['fused'] });
    expect(written).toBe(join(folder, 'explanations-images'));
    expect(index.images).toHaveLength(6);
    expect(index.images.map(({ label, mask }) => [label, mask !== undefined])).toEqual([
      [0, false],
      [0, false],
      [0, false],
      [1, true],
      [1, true],
      [1, true],
    ]);
    expect(summary[0].withLesions).toBe(3);
    // every lesion of the file is in the smaller mask
    const { data: pixels } = await sharp(join(written, index.images[3].mask!))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(pixels.some((value) => value === 255)).toBe(true);
    expect(pixels.every((value) => value === 255 || value === 0)).toBe(true);
  });

  it('uses the masks of a manifest, and of folders called masks in the data set', async () => {
    const both = join(root, 'both');
    await cp(data.path, both, { recursive: true });
    await cp(join(root, 'masks', 'some'), join(both, 'some', 'masks'), { recursive: true });
    expect(
      (await explain({ data: { ...data, path: both }, masks: both, layers: ['fused'] })).summary[0]
        .withLesions,
    ).toBe(3);
    await writeFile(
      join(both, 'list.csv'),
      'image,label,mask\nnone/image-0.png,no dots,\nsome/image-1.png,dots,some/masks/image-1_mask.png\n',
    );
    const manifest = { path: join(both, 'list.csv'), cacheFolder: null };
    const { index, summary } = await explain({
      data: manifest,
      layers: ['fused'],
      out: join(root, 'manifest'),
    });
    expect(index.images).toHaveLength(2);
    expect(summary[0].withLesions).toBe(1);
    expect(summary[0].pointing).toMatchObject({ lower: null, count: 1 });
    await rm(join(both, 'some', 'masks', 'image-1_mask.png'));
    expect(await issuesOf(explain({ data: manifest, out: join(root, 'manifest') }))).toContain(
      'image-1_mask.png',
    );
  });

  it('reports classes that the run does not know, and a folder without masks', async () => {
    expect(await issuesOf(explain({ data: { ...data, labelMap: undefined } }))).toContain(
      'does not know the classes "none", "some"',
    );
    await mkdir(join(root, 'empty'));
    expect(await issuesOf(explain({ data, masks: join(root, 'empty') }))).toContain(
      'contains no lesion mask',
    );
  });
});
