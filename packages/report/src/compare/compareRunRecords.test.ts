import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportedMetric } from '@nonlocal-med/metrics';
import { readRun, type RunRecord } from '@nonlocal-med/runs';
import {
  type SyntheticRun,
  temporaryFolder,
  writeSyntheticExperiment,
  writeSyntheticRun,
} from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { compareRunRecords } from './compareRunRecords.js';
import { renderRuns } from './renderRuns.js';
import { shortNames } from './shortNames.js';

const folder = await temporaryFolder('compare');

async function syntheticRun(name: string, options: Partial<SyntheticRun> = {}): Promise<RunRecord> {
  await writeSyntheticRun(join(folder, name), { model: name, skill: 1, ...options });
  return readRun(join(folder, name));
}

describe('compareRunRecords', () => {
  it('equals DeLong and McNemar tests of other libraries, adjusted for two comparisons', async () => {
    // The first repeats of the experiment that test/golden/make_summary.py compares.
    const skills = { resnet18: 1, 'resnet18-se': 1.3, 'resnet18-nla': 2 };
    await writeSyntheticExperiment(join(folder, 'seeds'), { skills, kind: 'seeds' });
    const runs = await Promise.all(
      Object.keys(skills).map((row) => readRun(join(folder, 'seeds/runs', row, '0'))),
    );
    const golden = JSON.parse(
      readFileSync(new URL('../../test/golden/summary.json', import.meta.url), 'utf8'),
    ) as {
      seeds: { comparisons: Record<string, { delong: { p: number }[]; mcnemar: number[] }> };
    };
    const { comparisons } = golden.seeds;
    const rows = ['resnet18-se', 'resnet18-nla'];

    const { differences } = compareRunRecords(runs, { weights: 'last', resamples: 50 });

    expect(differences.map(({ run }) => run)).toEqual(rows.map((row) => `${row}/0`));
    const expected = {
      auc: rows.map((row) => comparisons[row].delong[0].p),
      accuracy: rows.map((row) => comparisons[row].mcnemar[0]),
    };
    for (const metric of ['auc', 'accuracy'] as const) {
      const [first, second] = expected[metric];
      const [smaller, larger] = [Math.min(first, second), Math.max(first, second)];
      const adjust = (pValue: number): number =>
        Math.min(1, pValue === smaller ? 2 * smaller : Math.max(2 * smaller, larger));
      differences.forEach(({ pValues }, i) => {
        expect(pValues[metric].pValue).toBeCloseTo(expected[metric][i], 12);
        expect(pValues[metric].adjusted).toBeCloseTo(adjust(expected[metric][i]), 12);
      });
    }
  });

  it('compares best checkpoints by default', async () => {
    const runs = [await syntheticRun('first-best'), await syntheticRun('second-best', { seed: 1 })];
    expect(compareRunRecords(runs, { resamples: 10 }).weights).toBe('selected');
  });

  it('compares last epochs if a run has no best checkpoint', async () => {
    const runs = [
      await syntheticRun('best'),
      await syntheticRun('last', { seed: 1, selected: false }),
    ];
    expect(compareRunRecords(runs, { resamples: 10 }).weights).toBe('last');
    expect(() => compareRunRecords(runs, { weights: 'selected' })).toThrow(
      /last: the run has no best checkpoint, because it has no validation set \(use --weights last\)/,
    );
  });

  it('throws for runs that have not been tested, listing all of them', async () => {
    const unfinished = await syntheticRun('unfinished', { until: 'interrupted' });
    expect(() => compareRunRecords([unfinished, unfinished])).toThrow(
      /2 problems:[\s\S]*the run has not been tested: metrics\.json is missing/,
    );
  });

  it('throws for runs that were tested on different images', async () => {
    const runs = [await syntheticRun('first'), await syntheticRun('elsewhere', { split: 3 })];
    expect(() => compareRunRecords(runs)).toThrow(
      /elsewhere: was tested on 60 images, of which \d+ are among the 60 of .*first \(compare runs/,
    );
  });

  it('throws for a single run', async () => {
    const run = await syntheticRun('single');
    expect(() => compareRunRecords([run])).toThrow(/got 1 run \(give two or more/);
  });
});

describe('renderRuns', () => {
  it('renders a comparison in every format', async () => {
    const runs = [await syntheticRun('a'), await syntheticRun('b', { seed: 1 })];
    const comparison = compareRunRecords(runs, { resamples: 10 });
    const { value } = reportedMetric(comparison.runs[1].report, 'auc');
    expect(renderRuns(comparison, 'csv').split('\n')[9]).toMatch(
      new RegExp(`^b,auc,selected,${value},.*,a,`),
    );
    expect(renderRuns(comparison, 'md')).toContain('| difference from first |');
    expect(renderRuns(comparison, 'tex').match(/\\toprule/g)).toHaveLength(8);
    expect(JSON.parse(renderRuns(comparison, 'json'))).toEqual(
      JSON.parse(JSON.stringify(comparison)),
    );
  });
});

describe('shortNames', () => {
  it('returns the last part of paths if those differ', () => {
    expect(shortNames(['/x/runs/a', '/x/runs/b'])).toEqual(['a', 'b']);
  });

  it('returns as many parts as each path needs', () => {
    expect(shortNames(['/x/base/0', '/x/method/0', '/x/other'])).toEqual([
      'base/0',
      'method/0',
      'other',
    ]);
  });

  it('returns whole paths if they are equal', () => {
    expect(shortNames(['/x/a', '/x/a'])).toEqual(['x/a', 'x/a']);
  });
});
