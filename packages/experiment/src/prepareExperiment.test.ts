import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@nonlocal-med/testing';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { builtinExperiment } from './builtinExperiments.js';
import type { ExperimentDefinition } from './experimentSchema.js';
import { paperTables } from './paper/paperTables.js';
import { planExperiment } from './planExperiment.js';
import { type PreparedExperiment, prepareExperiment } from './prepareExperiment.js';
import { tinyOptions } from './testing/tinyExperiment.js';

const root = await temporaryFolder('prepare-experiment');

/** Folders as in the first release of the data set, with images that are all different. */
async function radiographs(folder: string): Promise<string> {
  for (const [level, name] of ['COVID-19', 'NORMAL', 'Viral Pneumonia'].entries()) {
    await mkdir(join(folder, name), { recursive: true });
    for (let index = 1; index <= 20; index++) {
      const data = Uint8Array.from(
        { length: 64 * 64 },
        (_, i) => (60 * level + 9 * index + ((i * index) % 97)) % 256,
      );
      await sharp(data, { raw: { width: 64, height: 64, channels: 1 } })
        .png()
        .toFile(join(folder, name, `${name} (${index}).png`));
    }
  }
  return folder;
}

describe('prepareExperiment', () => {
  it('adds the published numbers for the recognized data set', async () => {
    const path = await radiographs(join(root, 'COVID-19 Radiography Database'));
    const { manifest, sizes, dataset } = await prepareExperiment(
      planExperiment(builtinExperiment('table2'), { data: { path }, split: { test: 0.2 } }),
    );
    expect(dataset.kind).toBe('covid19-radiography');
    const ours = manifest.rows.find(({ key }) => key === 'resnet18-nla');
    expect(ours?.published).toEqual(paperTables.table2.results.covid19!['resnet18-nla']);
    expect(manifest.notes.join(' ')).not.toContain('not for this data set');
    expect(manifest.rows.find(({ key }) => key === 'hynet')).toMatchObject({
      reproduced: false,
      note: expect.stringContaining('not reproduced') as string,
    });
    expect(sizes).toEqual(
      Array.from({ length: 5 }, () => ({ train: 43, validation: 5, test: 12 })),
    );
  });

  it('shows no published results of another data set, and says so', async () => {
    const { manifest } = await prepareExperiment(
      planExperiment(builtinExperiment('table2'), tinyOptions),
    );
    expect(manifest.rows.map(({ key }) => key)).not.toContain('hynet');
    for (const { published, note } of manifest.rows)
      expect([published, note]).toEqual([undefined, undefined]);
    expect(manifest.notes).toEqual([
      "The paper's results are not shown: they are for MESSIDOR and COVID-19 Radiography, not for this data set.",
    ]);
  });

  it('shows published results of a definition unless they are for another data set', async () => {
    const result = { AUC: [93, 1], SEN: [78, 2], ACC: [90, 1] } as const;
    const row = (key: string, data?: string): object => ({
      key,
      options: { model: { name: 'resnet18' } },
      published: { AUC: [...result.AUC], SEN: [...result.SEN], ACC: [...result.ACC], data },
    });
    const definition = { rows: [row('plain'), row('other', 'MESSIDOR')], repeats: { count: 1 } };
    const { manifest } = await prepareExperiment(
      planExperiment(definition as ExperimentDefinition, tinyOptions),
    );
    expect(manifest.rows.map(({ published }) => published)).toEqual([result, undefined]);
    expect(manifest.notes).toEqual([
      'The published results of other are not shown: they are for MESSIDOR, not for this data set.',
    ]);
  });

  it('names several sets of synthetic images by all their seeds', async () => {
    const definition = builtinExperiment('table3');
    const prepare = (repeats: ExperimentDefinition['repeats']): Promise<PreparedExperiment> =>
      prepareExperiment(
        planExperiment(
          { ...definition, repeats },
          { data: { kind: 'tiny-lesions', images: 40, size: 64, seed: 3 } },
        ),
      );
    const { manifest, sizes } = await prepare({ kind: 'images', count: 4 });
    expect(manifest.data).toMatch(/, seed 3 to 6$/);
    expect(sizes).toHaveLength(4);
    expect((await prepare({ kind: 'splits', count: 4 })).manifest.data).toMatch(/, seed 3$/);
  });

  it('refuses an impossible split before anything is trained', async () => {
    const plan = planExperiment(
      { ...builtinExperiment('table3'), repeats: { kind: 'folds', folds: 500, count: 2 } },
      tinyOptions,
    );
    await expect(prepareExperiment(plan)).rejects.toThrow(/split\.folds|500/);
  });

  it('turns repeats with new splits into repeats with new seeds if the split is given', async () => {
    const path = join(root, 'given');
    await radiographs(join(path, 'train'));
    const { manifest, sizes, dataset } = await prepareExperiment(
      planExperiment(builtinExperiment('table3'), {
        data: { path, allowLeaks: true, cacheFolder: null },
        split: { validation: 0.2 },
      }),
    );
    expect(manifest.repeats).toEqual({ kind: 'seeds', count: 5 });
    expect(manifest.notes).toContain(
      'The split is given by the folder train: repeats differ in their seed only, not in their split.',
    );
    expect(sizes).toEqual(
      Array.from({ length: 5 }, () => ({ train: 48, validation: 12, test: 0 })),
    );
    expect(dataset.notes.filter((note) => note.startsWith('The given split has no'))).toHaveLength(
      2,
    );
  });

  it('refuses folds of a given split', async () => {
    const path = join(root, 'folds');
    await radiographs(join(path, 'train'));
    const plan = planExperiment(
      { ...builtinExperiment('table3'), repeats: { kind: 'folds', folds: 4, count: 2 } },
      { data: { path, cacheFolder: null } },
    );
    await expect(prepareExperiment(plan)).rejects.toThrow(
      /split\.folds: got 4, but the data set comes with its own split \(a cross-validation/,
    );
  });
});
