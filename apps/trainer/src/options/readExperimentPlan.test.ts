import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExperimentPlan } from '@nonlocal-med/experiment';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { afterAll, describe, expect, it } from 'vitest';
import { type ExperimentOptions, readExperimentPlan } from './readExperimentPlan.js';

const folder = mkdtempSync(join(tmpdir(), 'read-experiment-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The plan of a YAML file. */
function plan(text: string, options: ExperimentOptions = {}): Promise<ExperimentPlan> {
  const file = join(folder, 'own.yaml');
  writeFileSync(file, text);
  return readExperimentPlan(file, options);
}

describe('readExperimentPlan', () => {
  it('uses the defaults of synthetic images for options that neither the file nor the user sets', async () => {
    const {
      name,
      runs: [{ config }],
    } = await plan('base: { training: { epochs: 9 }, split: { test: 0.3 } }\nrows: [{ key: a }]', {
      batch: 2,
    });
    expect(name).toBe('own');
    expect(config).toMatchObject({
      data: { kind: 'tiny-lesions', images: 1000 },
      split: { test: 0.3 },
      training: { epochs: 9, batchSize: 2, learningRate: 1e-3 },
    });
  });

  it("initializes the paper's tables on synthetic images randomly, and a file's rows as it specifies", async () => {
    expect((await readExperimentPlan('table3', {})).runs[0].config.model.weights).toBeUndefined();
    expect((await plan('weights: imagenet\nrows: [{ key: a }]')).runs[0].config.model.weights).toBe(
      'imagenet',
    );
    expect(
      (await plan('weights: imagenet\nrows: [{ key: a }]', { weights: ['none'] })).runs[0].config
        .model.weights,
    ).toBeUndefined();
  });

  it('resolves paths of weights relative to the user', async () => {
    const { runs } = await plan(
      'weights: { resnet18: w.pth }\nrows: [{ key: a, options: { model: { name: resnet18 } } }, { key: b, options: { model: { weights: own.pth } } }]\nrepeats: { count: 1 }',
    );
    expect(runs.map(({ config }) => config.model.weights)).toEqual(
      ['w.pth', 'own.pth'].map((file) => resolveUserPath(file)),
    );
  });

  it('plans the example of docs/experiments.md', async () => {
    const page = readFileSync(
      fileURLToPath(new URL('../../../../docs/experiments.md', import.meta.url)),
      'utf8',
    );
    const { rows, runs } = await plan(/```yaml\n([^]*?)```/.exec(page)![1]);
    expect(rows.map(({ key, baseline, reproduced }) => [key, baseline, reproduced])).toEqual([
      ['plain', null, true],
      ['se', 'plain', true],
      ['nla', 'se', true],
      ['prior', 'plain', false],
    ]);
    expect(runs).toHaveLength(15);
    expect(runs[0].config).toMatchObject({
      preprocessing: { size: [224, 224] },
      training: { epochs: 50, batchSize: 16 },
    });
  });

  it('reports what a missing file should be', async () => {
    await expect(readExperimentPlan(join(folder, 'missing.yaml'), {})).rejects.toThrow(
      /missing\.yaml: there is no such file \(a YAML file with the rows of a table, as in docs\/experiments\.md\)/,
    );
  });

  it('makes the same plan from the definition of a plan', async () => {
    const first = await readExperimentPlan('table1', { epochs: 2, repeats: 2 });
    expect(await plan(JSON.stringify(first.definition))).toEqual(first);
  });
});
