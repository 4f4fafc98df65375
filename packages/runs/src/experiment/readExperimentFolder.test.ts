import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputError } from '@nonlocal-med/core';
import { writeSyntheticExperiment } from '@nonlocal-med/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { readExperimentFolder } from './readExperimentFolder.js';

const root = mkdtempSync(join(tmpdir(), 'read-experiment-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('readExperimentFolder', () => {
  it('returns each run with its state', async () => {
    const folder = join(root, 'half');
    const manifest = await writeSyntheticExperiment(folder, {
      skills: { resnet18: 1, 'resnet18-nla': 1.5 },
      repeats: 4,
      unfinished: {
        'resnet18/3': 'interrupted',
        'resnet18-nla/3': 'missing',
        'resnet18-nla/0': 'missing',
        'resnet18-nla/1': 'interrupted',
        'resnet18-nla/2': 'trained',
      },
    });
    writeFileSync(join(folder, 'runs/resnet18/1/metrics.json'), '{}');
    writeFileSync(
      join(folder, 'runs/resnet18-nla/1.failure.json'),
      '{"message":"out of memory","ended":137}',
    );
    const experiment = await readExperimentFolder(folder);
    expect(experiment.manifest).toEqual(JSON.parse(JSON.stringify(manifest)));
    expect(
      experiment.runs.map(
        ({ row, repeat, state, reason }) =>
          `${row} ${repeat} ${state}: ${reason?.replace(folder, '')}`,
      ),
    ).toEqual([
      'resnet18 0 finished: undefined',
      'resnet18 1 unreadable: /runs/resnet18/1/metrics.json: split: missing',
      'resnet18 2 finished: undefined',
      'resnet18 3 unfinished: 1 of 3 epochs',
      'resnet18-nla 0 missing: not started',
      'resnet18-nla 1 failed: failed: out of memory',
      'resnet18-nla 2 unfinished: trained, but not tested (metrics.json is missing; predictions/test-last.csv is missing)',
      'resnet18-nla 3 missing: not started',
    ]);
    expect(experiment.runs[0].run?.config?.model.name).toBe('resnet18');
  });

  it('reports every issue of the manifest', async () => {
    const folder = join(root, 'faulty');
    await writeSyntheticExperiment(folder, { skills: { a: 1, b: 1 }, repeats: 1 });
    const file = join(folder, 'experiment.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
      rows: { key: string; baseline: string | null }[];
      runs: { row: string; folder: string; repeat: number }[];
    };
    manifest.rows[1].baseline = 'c';
    manifest.rows[2].key = 'a';
    manifest.runs[0].repeat = 4;
    manifest.runs[1].row = 'd';
    writeFileSync(file, JSON.stringify(manifest));
    const error = await readExperimentFolder(folder).catch(
      (thrown: unknown) => thrown as InputError,
    );
    expect((error as InputError).issues.map(({ path }) => path.slice(file.length + 2))).toEqual([
      'rows.2.key',
      'rows.1.baseline',
      'runs.0.repeat',
      'runs.1.row',
    ]);
    manifest.runs[0].folder = '../elsewhere';
    writeFileSync(file, JSON.stringify(manifest));
    await expect(readExperimentFolder(folder)).rejects.toThrow(
      /runs\.0\.folder: got "\.\.\/elsewhere" \(a path inside the experiment/,
    );
  });

  it('refuses a folder without a manifest', async () => {
    await expect(readExperimentFolder(root)).rejects.toThrow(
      /experiment\.json: does not exist \(an experiment's folder\)/,
    );
  });
});
