import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPreprocessing } from '@nonlocal-med/core';
import { listInputs } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type DicomElements,
  encodeDicom,
  wordBytes,
} from '../../../data/src/testing/encodeDicom.js';
import { explainImages } from '../explanation/explainImages.js';
import { openExportedModel } from './openExportedModel.js';
import { predictFiles } from './predictImages.js';

const root = await temporaryFolder('predict-dicom');
const [rows, columns] = [40, 56];
const window: DicomElements = {
  '00280101': ['US', 12],
  '00280102': ['US', 11],
  '00281050': ['DS', [2048]],
  '00281051': ['DS', [4096]],
};

/** Values of 12 bits. */
const frame = (seed: number): number[] =>
  Array.from({ length: rows * columns }, (_, i) => (i * i * 7 + 613 * seed) % 4096);

beforeAll(async () => {
  await useEngine({ backend: 'wasm' });
  const model = createModel('shufflenetv2', { classes: 2, width: 0.5, seed: 3 });
  await exportModel(model, join(root, 'model'), {
    labels: ['healthy', 'disease'],
    preprocessing: { ...defaultPreprocessing, size: [64, 64], values: { window: 'file' } },
  });
  model.dispose();
  const series = join(root, 'series');
  await mkdir(series);
  const single = { rows, columns, elements: window };
  await writeFile(join(series, 'a'), encodeDicom({ ...single, pixels: wordBytes(frame(1)) }));
  const inverted = encodeDicom({
    ...single,
    elements: { ...window, '00280004': ['CS', 'MONOCHROME1'] },
    pixels: wordBytes(frame(1).map((value) => 4095 - value)),
  });
  await writeFile(join(series, 'b.dcm'), inverted);
  const several = encodeDicom({
    ...single,
    elements: { ...window, '00280008': ['IS', [2]] },
    pixels: wordBytes([...frame(2), ...frame(1)]),
  });
  await writeFile(join(series, 'c.dcm'), several);
  await writeFile(join(series, 'notes.txt'), 'text');
});

describe('a folder of DICOM files', () => {
  it('is predicted frame by frame, whatever the photometric interpretation', async () => {
    const model = await openExportedModel(join(root, 'model'));
    const { images } = await listInputs([join(root, 'series')], { from: root });
    expect(images.map(({ frame: index }) => index)).toEqual([undefined, undefined, 0, 1]);
    const results = await predictFiles(model, images, { workers: 0 });
    model.dispose();
    const [plain, inverted, other, same] = results.map((result) =>
      'probabilities' in result ? result.probabilities : [],
    );
    expect(plain[0] + plain[1]).toBeCloseTo(1, 6);
    expect(inverted).toEqual(plain);
    expect(same).toEqual(plain);
    expect(other).not.toEqual(plain);
  });

  it('is reported to have no window where percentiles take its place', async () => {
    const file = join(root, 'no-window.dcm');
    const elements = { '00280101': window['00280101'], '00280102': window['00280102'] };
    await writeFile(file, encodeDicom({ rows, columns, elements, pixels: wordBytes(frame(1)) }));
    const model = await openExportedModel(join(root, 'model'));
    const results = await predictFiles(model, [{ file }, { file: join(root, 'series/a') }], {
      workers: 0,
    });
    model.dispose();
    expect(results.map((result) => 'notes' in result && result.notes)).toEqual([
      [
        'defines no window, so that the percentiles 0.5 and 99.5 of its values were taken as black and white',
      ],
      [],
    ]);
  });

  it('is explained in overlays of its own size, frame by frame', async () => {
    const model = await openExportedModel(join(root, 'model'));
    const { images } = await listInputs([join(root, 'series')], { from: root });
    const folder = join(root, 'overlays');
    const fileOf = (explained: { readonly index: number; readonly class: number }): string =>
      join(folder, `${explained.index}-${explained.class}.png`);
    await explainImages(model, images, { fileOf, classes: ['all'] });
    model.dispose();
    const names = (await readdir(folder)).sort();
    const overlaysOf = (index: number): Promise<Buffer[]> =>
      Promise.all(
        names
          .filter((name) => name.startsWith(`${index}-`))
          .map((name) => readFile(join(folder, name))),
      );
    const [plain, inverted, other, same] = await Promise.all([0, 1, 2, 3].map(overlaysOf));
    expect(plain.length).toBeGreaterThan(0);
    expect(inverted).toEqual(plain);
    expect(same).toEqual(plain);
    expect(other).not.toEqual(plain);
    const overlays = [...plain, ...other];
    for (const overlay of overlays) {
      const { width, height } = await sharp(overlay).metadata();
      // The image, with the color bar to its right and the caption below.
      expect(width).toBeGreaterThan(columns);
      expect(height).toBeGreaterThan(rows);
    }
  });
});
