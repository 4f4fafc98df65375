import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoaderSample, NotedSplit } from '@nonlocal-med/data';
import type { NotedDataset } from '@nonlocal-med/pipeline';
import { temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import type { ExperimentDefinition } from './experimentSchema.js';
import { checkPredictions, copyPredictions } from './externalRows.js';
import { type ExperimentPlan, planExperiment } from './planExperiment.js';
import { prepareExperiment } from './prepareExperiment.js';

const root = await temporaryFolder('external-rows');
const file = (name: string, text: string): string => {
  writeFileSync(join(root, name), text);
  return join(root, name);
};
const definition = (row: Partial<ExperimentDefinition['rows'][number]>): ExperimentDefinition => ({
  name: 'study',
  base: { data: { kind: 'tiny-lesions', images: 40, size: 64, classes: 2 }, split: { test: 0.3 } },
  repeats: { kind: 'seeds', count: 2 },
  ensembles: true,
  rows: [
    { key: 'plain', options: { model: { name: 'resnet18' } } },
    { key: 'hynet', title: 'HyNet', ...row },
  ],
});

/** Predictions for the images of a split, all with the probability 0.5. */
async function testImages(): Promise<string[]> {
  const plan = planExperiment(
    definition({ predictions: file('none.csv', 'id,probability\nx,0.5') }),
  );
  const message = await prepareExperiment(plan).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(message).toContain('none of its images is among the test images of the data set');
  const { dataset } = await prepareExperiment(
    planExperiment({ ...definition({}), rows: [definition({}).rows[0]] }),
  );
  return dataset.samples.map(({ id }) => id);
}

describe('rows whose predictions were made elsewhere', () => {
  it('are not trained, checked against the test images before, and copied into the experiment', async () => {
    const ids = await testImages();
    const all = file('all.csv', `id,probability\n${ids.map((id) => `${id},0.5`).join('\n')}\n`);
    const plan = planExperiment(definition({ predictions: all, commonImages: true }));
    expect(plan.runs.map(({ row }) => row.key)).toEqual(['plain', 'plain']);
    const { manifest } = await prepareExperiment(plan);
    expect(manifest.ensembles).toBe(true);
    expect(manifest.rows[1]).toMatchObject({
      key: 'hynet',
      title: 'HyNet',
      baseline: 'plain',
      predictions: ['predictions/hynet.csv'],
      commonImages: true,
    });
    const folder = join(root, 'experiment');
    await mkdir(folder);
    await copyPredictions(folder, plan);
    expect(readFileSync(join(folder, 'predictions/hynet.csv'), 'utf8')).toBe(
      readFileSync(all, 'utf8'),
    );
    await expect(
      prepareExperiment(planExperiment(definition({ predictions: all }))),
    ).rejects.toThrow(/all\.csv: has \d+ other images \(.*commonImages: true/);
  });

  it('have no options, and are not the only rows', () => {
    expect(() =>
      planExperiment(
        definition({ predictions: 'a.csv', options: { model: { name: 'resnet18' } } }),
      ),
    ).toThrow('rows.1.options: has options, but its predictions were made elsewhere');
    expect(() =>
      planExperiment({ ...definition({}), rows: [{ key: 'hynet', predictions: ['a.csv'] }] }),
    ).toThrow('rows: no row is trained');
    expect(() => planExperiment(definition({ predictions: 'a.csv', reproduced: false }))).toThrow(
      'rows.1.reproduced: is false, but the row has predictions, which are tested',
    );
  });

  it('of findings are checked against the findings of the test images, before anything is trained', async () => {
    const test = ['a.png', 'b.png'].map((id, i) => ({
      id,
      label: -1,
      findings: [1 - i, -1],
      facts: { hash: String(i).repeat(64), perceptual: '' },
    }));
    const check = (text: string): Promise<void> =>
      checkPredictions(
        {
          rows: [{ title: 'Vendor', predictions: [file('findings.csv', text)] }],
        } as unknown as ExperimentPlan,
        { task: 'multilabel', classes: ['mass', 'edema'] } as unknown as NotedDataset,
        [
          { split: { training: [], validation: [], test } },
        ] as unknown as NotedSplit<LoaderSample>[],
      );
    await check('id,mass,edema,truth:mass\na,0.5,0.2,1\nb,0.1,0.9,0\n');
    await check(`sha256,mass,edema\n${'0'.repeat(64)},0.5,0.2\n${'1'.repeat(64)},0.1,0.9\n`);
    await expect(check('id,mass\na,0.5\nb,0.1\n')).rejects.toThrow('no column for "edema"');
    await expect(check('id,mass,edema,truth:mass\na,0,0,0\nb,0,1,0\n')).rejects.toThrow(
      'findings.csv:2: the truth of "mass" in "a" is "0", but 1 in the data set',
    );
    await expect(check('id,mass,edema\na,0.5,0.1\n')).rejects.toThrow(
      'lacks 1 of the 2 test images',
    );
  });
});
