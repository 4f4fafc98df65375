import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { withObservations } from './describeObservations.js';
import { openRunData, type RunData } from './runData.js';

const folder = await temporaryFolder('observations');

const open = async (data: object): Promise<RunData> =>
  withObservations(
    await openRunData(
      parseRunConfig({ data: { ...data, cacheFolder: null }, split: { test: 0.25, seed: 2 } }),
    ),
  );

describe('withObservations', () => {
  it('notes test images whose likely patient is in training, with the option; none with groups', async () => {
    const path = await imageFolder(join(folder, 'visits'));
    for (const name of ['none', 'some'])
      for (const [index, file] of (await readdir(join(path, name))).sort().entries()) {
        const visit = `${name === 'none' ? 1 : 2}000000${Math.floor(index / 2)}_00${index % 2}.png`;
        await rename(join(path, name, file), join(path, name, visit));
      }
    const { split, notes, cautions } = await open({ path });
    const patientOf = ({ id }: { id: string }): string => id.split('_')[0];
    const trained = new Set([...split.train, ...split.validation].map(patientOf));
    const affected = split.test.filter((sample) => trained.has(patientOf(sample))).length;
    expect(affected).toBeGreaterThan(1);
    const observation = notes.find((note) => note.includes('NIH'))!;
    expect(observation).toContain(
      `In this split, ${affected} of 6 test images likely show a patient who is also in the training or validation set.`,
    );
    expect(observation).toMatch(/: --group-pattern '\^\(\\d\{8\}\)_\\d\{3\}'$/);

    expect(cautions).toEqual([
      `Judging by file names, ${affected} of 6 test images likely show a patient who is also in the training or validation set, so results are likely too good; --group-pattern '^(\\d{8})_\\d{3}' keeps each patient in one set.`,
    ]);

    const grouped = await open({ path, groupPattern: '^(\\d{8})_\\d{3}' });
    expect(grouped.notes.join()).not.toContain('group-pattern');
    expect(grouped.cautions).toEqual([]);
  });

  it('notes classes that can be recognized from the files, with the interval', async () => {
    const path = await imageFolder(join(folder, 'sizes'));
    const { width, height } = { width: 80, height: 64 };
    for (const [index, file] of (await readdir(join(path, 'some'))).entries())
      await sharp(Buffer.alloc(3 * width * height, 10 * index), {
        raw: { width, height, channels: 3 },
      })
        .png()
        .toFile(join(path, 'some', file));
    const { notes, cautions } = await open({ path });
    expect(cautions).toEqual([notes.at(-1)]);
    expect(notes.at(-1)).toContain(
      '"none" from "some" with AUC 1.00 (no interval: every image is recognized)',
    );
  });

  it('notes nothing on running numbers', async () => {
    const { dataset, notes, cautions } = await open({
      path: await imageFolder(join(folder, 'numbers')),
    });
    expect(dataset.likelyGroups).toBeUndefined();
    expect(cautions).toEqual([]);
    expect(notes).toEqual([
      'Each image is its own group in a split; if several images show the same patient, use --group-column or --group-pattern.',
    ]);
  });
});
