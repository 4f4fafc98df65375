import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { predictionsFromCsv } from '@nonlocal-med/metrics';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { type Ended, imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { runEval } from '../testing/runEval.js';

const folder = await temporaryFolder('ensembles');
const evaluate = (...parameters: string[]): Promise<Ended> => runEval(folder, ...parameters);

const readPredictions = (file: string): ReturnType<typeof predictionsFromCsv> =>
  predictionsFromCsv(readFileSync(join(folder, file), 'utf8'));

beforeAll(async () => {
  await imageFolder(join(folder, 'images'));
  for (const seed of [1, 2])
    await startRun(
      parseRunConfig({
        data: { path: join(folder, 'images'), cacheFolder: null },
        split: { test: 0.34, validation: 0, seed: 0 },
        preprocessing: { size: 32 },
        model: { name: 'resnet18' },
        training: { epochs: 1, batchSize: 8 },
        loader: { workers: 0 },
        explanations: { images: 0 },
        seed,
      }),
      { folder: join(folder, `run-${seed}`) },
    );
});

describe('evaluate of two runs', () => {
  it('writes the mean of their predictions, and compares it with them', async () => {
    const { code, stdout, stderr } = await evaluate(
      'evaluate',
      'run-1',
      'run-2',
      '--predictions',
      'both.csv',
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
    const members = [1, 2].map((n) => readPredictions(`run-${n}/predictions/test-last.csv`));
    const both = readPredictions('both.csv');
    expect(both.ids).toEqual(members[0].ids);
    both.probabilities.forEach((probability, i) =>
      expect(probability).toBeCloseTo(
        (members[0].probabilities[i] + members[1].probabilities[i]) / 2,
        15,
      ),
    );
    expect(stdout).toMatch(/ensemble of 2/);
    expect(stdout).toMatch(
      /Compared with the mean of the 2 single models\nmetric +mean single +ensemble +difference +p\n/,
    );
  });

  it.each([
    ['--class', '0'],
    ['--by', 'sex'],
    ['--by-out', 'sex.csv'],
    ['--sensitivity', '0.9'],
  ])('refuses %s, which is made for one model', async (flag, value) => {
    const { code, stderr } = await evaluate('evaluate', 'run-1', 'run-2', flag, value);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${flag}: `)]);
    expect(stderr).toContain('not made for ensembles');
  });
});

describe('predict', () => {
  it('averages models and views, and names them', async () => {
    const { stdout } = await evaluate(
      ...['predict', 'run-1', 'images', '--with', 'run-2', '--tta', 'flips', '--json'],
    );
    const { model, members, tta, images } = JSON.parse(stdout) as {
      readonly model: string;
      readonly members: readonly { readonly folder: string; readonly weightsSha256: string }[];
      readonly tta: string;
      readonly images: readonly object[];
    };
    expect([model, tta, images.length]).toEqual(['resnet18, ensemble of 2, flips', 'flips', 24]);
    expect(new Set(members.map(({ weightsSha256 }) => weightsSha256)).size).toBe(2);
  });

  it('refuses what is made for one model', async () => {
    const { code, stderr } = await evaluate(
      ...['predict', 'run-1', 'images', '--with', 'run-2', '--explain', 'overlays'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('not with --explain: a saliency map explains one model on one image');
  });
});

describe('evaluate --tta', () => {
  it('writes a file that is a row of compare', async () => {
    const { code } = await evaluate(
      ...['evaluate', 'run-1', '--tta', 'd4', '--predictions', 'd4.csv'],
    );
    expect(code).toBe(0);
    const { stdout } = await evaluate('compare', 'run-1', 'd4.csv');
    expect(stdout).toContain('d4 - run-1');
  });
});
