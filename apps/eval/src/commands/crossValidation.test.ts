import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluatePredictions, poolPredictions, predictionsFromCsv } from '@nonlocal-med/metrics';
import { type Ended, temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneLine, printEval, runEval } from '../testing/runEval.js';

const folder = await temporaryFolder('cross-validations');
const evaluate = (...parameters: string[]): Promise<Ended> => runEval(folder, ...parameters);
const write = (
  name: string,
  options: Partial<Parameters<typeof writeSyntheticExperiment>[1]> = {},
): Promise<unknown> =>
  writeSyntheticExperiment(join(folder, name), {
    skills: { resnet18: 1 },
    kind: 'folds',
    complete: true,
    repeats: 3,
    images: 30,
    ...options,
  });
const predictionsOf = (file: string): ReturnType<typeof predictionsFromCsv> =>
  predictionsFromCsv(readFileSync(join(folder, file), 'utf8'));

const readJson = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

beforeAll(async () => {
  await write('plain');
  await write('method', { skills: { 'resnet18-nla': 3 } });
  await write('left', { unfinished: { 'resnet18/2': 'interrupted' } });
  await write('viewed');
  const place = join(folder, 'viewed');
  for (const fold of [0, 1, 2]) {
    const run = join(place, `runs/resnet18/${fold}`);
    for (const weights of ['last', 'selected'])
      copyFileSync(
        join(run, `predictions/test-${weights}.csv`),
        join(run, `predictions/test-${weights}-flips.csv`),
      );
    const environment = readJson(join(run, 'environment.json'));
    const data = { ...(environment.data as object), cautions: ['Classes differ in size.'] };
    writeFileSync(join(run, 'environment.json'), JSON.stringify({ ...environment, data }));
  }
  const manifest = readJson(join(place, 'experiment.json'));
  writeFileSync(join(place, 'experiment.json'), JSON.stringify({ ...manifest, tta: 'flips' }));
  await write('two', { skills: { resnet18: 1, 'resnet18-se': 1 } });
});

interface Printed {
  readonly row: string;
  readonly weights: string;
  readonly images: number;
  readonly folds: readonly {
    readonly images: number;
    readonly metrics: { readonly auc: number };
  }[];
  readonly overFolds: { readonly auc: { readonly mean: number } };
  readonly report: { readonly metrics: { readonly auc: { readonly value: number } } };
}

describe('evaluate of a cross-validation', () => {
  it('has the out-of-fold results, pooled and by fold', async () => {
    const folds = [0, 1, 2].map((fold) =>
      predictionsOf(`plain/runs/resnet18/${fold}/predictions/test-selected.csv`),
    );
    const aucs = folds.map((fold) => evaluatePredictions(fold).metrics.auc.value!);
    const pooled = poolPredictions(folds);
    const result = JSON.parse(
      await printEval(folder, 'evaluate', 'plain', '--json', '--predictions', 'pooled.csv'),
    ) as Printed;
    expect(result).toMatchObject({ row: 'resnet18', weights: 'selected', images: 60 });
    expect(result.folds.map(({ metrics }) => metrics.auc)).toEqual(aucs);
    expect(result.overFolds.auc.mean).toBeCloseTo((aucs[0] + aucs[1] + aucs[2]) / 3, 12);
    expect(result.report.metrics.auc.value).toBe(evaluatePredictions(pooled).metrics.auc.value);
    expect(predictionsOf('pooled.csv')).toEqual(pooled);

    const text = oneLine(await printEval(folder, 'evaluate', 'plain', '--weights', 'last'));
    expect(text).toContain('Results on 60 images (95 % intervals)');
    expect(text).toContain('pooled, last epochs');
    expect(text).toContain('fold 3, 18 images');
    expect(text).toContain('Test it on others: evaluate --data.');
  });

  it('is that of the trained row with test-time augmentation, and repeats cautions on the data', async () => {
    const text = oneLine(await printEval(folder, 'evaluate', 'viewed'));
    expect(text).toContain('pooled, best checkpoints');
    expect(text).toContain('fold 3, 18 images');
    expect(text).toContain('Classes differ in size.');
    expect(await printEval(folder, 'evaluate', 'viewed', '--row', 'resnet18-flips')).toContain(
      'fold 3, 18 images',
    );
    expect(await printEval(folder, 'compare', 'viewed')).toContain('fold 3, 18 images');
  });

  it('needs all folds, one row, and no options that would have no effect', async () => {
    const refused = async (...parameters: string[]): Promise<string> => {
      const { code, stdout, stderr } = await evaluate('evaluate', ...parameters);
      expect([code, stdout]).toEqual([2, '']);
      return oneLine(stderr);
    };
    expect(await refused('left')).toMatch(
      /left: resnet18 has no out-of-fold results: 2 of 3 folds are finished \(.*resume .*left/,
    );
    expect(await refused('two')).toContain('--row with one of: resnet18, resnet18-se');
    expect(await refused('plain', '--row', 'resnet')).toContain('--row: unknown row "resnet"');
    expect(await refused('plain', '--engine', 'wasm')).toContain(
      '--engine: got "wasm", which has no effect (only with --data',
    );
    expect(await refused('plain', '--by', 'sex')).toContain('for the run of one fold');
    expect(await printEval(folder, 'evaluate', 'two', '--row', 'resnet18-se')).toContain(
      'resnet18-se: out-of-fold results of 3 folds',
    );
  });
});

describe('compare of cross-validations', () => {
  it('tests the difference over folds', async () => {
    const { rows } = JSON.parse(
      await printEval(folder, 'compare', 'plain', 'method', '--json'),
    ) as {
      readonly rows: readonly {
        readonly title: string;
        readonly comparison: {
          readonly repeats: readonly number[];
          readonly metrics: { readonly auc: { readonly overRepeats: { readonly test: string } } };
        } | null;
      }[];
    };
    expect(rows.map(({ title }) => title)).toEqual(['plain', 'method']);
    expect(rows[1].comparison!.repeats).toEqual([0, 1, 2]);
    expect(rows[1].comparison!.metrics.auc.overRepeats.test).toBe('corrected resampled t');
  });

  it('refuses rows of ensembles and views, which only single models have', async () => {
    const { code, stderr } = await evaluate(
      ...['compare', 'plain', 'method', '--tta', 'flips', '--ensembles'],
    );
    expect(code).toBe(2);
    expect(oneLine(stderr)).toMatch(
      /--ensembles: got "true", which has no effect \(for one experiment .*--tta: got "flips", which/,
    );
  });

  it('refuses runs, and report a second experiment', async () => {
    const { stderr } = await evaluate('compare', 'plain', 'plain/runs/resnet18/0');
    expect(stderr).toContain('an experiment cannot be combined with runs');
    const page = await evaluate('report', 'plain', 'method');
    expect([page.code, oneLine(page.stderr)]).toEqual([
      2,
      expect.stringContaining('is a second experiment, and a page shows one'),
    ]);
  });
});
