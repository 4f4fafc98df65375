import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparePredictions, holm } from '@nonlocal-med/metrics';
import { readRun, type RunRecord } from '@nonlocal-med/runs';
import { type SyntheticRun, writeSyntheticRun } from '@nonlocal-med/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { compareRunRecords } from './compareRunRecords.js';
import { renderRuns } from './renderRuns.js';
import { shortNames } from './shortNames.js';

const root = mkdtempSync(join(tmpdir(), 'compare-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function run(name: string, options: Partial<SyntheticRun> = {}): Promise<RunRecord> {
  await writeSyntheticRun(join(root, name), { model: name, skill: 1, ...options });
  return readRun(join(root, name));
}

describe('compareRunRecords', () => {
  it('compares each with the first, corrected for their number', async () => {
    const runs = [
      await run('base'),
      await run('same', { seed: 1 }),
      await run('better', { seed: 2, skill: 2 }),
    ];
    const { weights, differences } = compareRunRecords(runs, { resamples: 50 });
    expect(weights).toBe('selected');
    const pValues = runs.slice(1).map(
      ({ predictions }) =>
        comparePredictions(predictions.selected!, runs[0].predictions.selected!, {
          resamples: 50,
        }).auc.pValue,
    );
    expect(differences.map(({ pValues: { auc } }) => auc)).toEqual(
      holm(pValues).map((adjusted, i) => ({ pValue: pValues[i], adjusted })),
    );
    expect(differences[0].pValues.accuracy.pValue).toBe(
      differences[0].comparison.accuracy!.midPValue,
    );
  });

  it('takes the last epoch of all where one has no chosen one', async () => {
    const runs = [await run('chosen'), await run('plain', { seed: 1, selected: false })];
    expect(compareRunRecords(runs, { resamples: 10 }).weights).toBe('last');
    expect(() => compareRunRecords(runs, { weights: 'selected' })).toThrow(
      /plain: the run has no chosen epoch, since it has no validation side \(--weights last\)/,
    );
  });

  it('refuses runs that are not tested, or were tested on other images', async () => {
    const [first, unfinished, elsewhere] = [
      await run('first'),
      await run('unfinished', { until: 'interrupted' }),
      await run('elsewhere', { split: 3 }),
    ];
    expect(() => compareRunRecords([unfinished, unfinished])).toThrow(
      /2 issues:[\s\S]*the run is not tested yet: metrics\.json is missing/,
    );
    expect(() => compareRunRecords([first, elsewhere])).toThrow(
      /elsewhere: was tested on 60 images, of which \d+ are among the 60 of .*first \(runs on the same images with the same split\)/,
    );
    expect(() => compareRunRecords([first])).toThrow(/got 1 run \(two or more/);
  });

  it('is written in every format', async () => {
    const comparison = compareRunRecords([await run('a'), await run('b', { seed: 1 })], {
      resamples: 10,
    });
    expect(renderRuns(comparison, 'csv').split('\n')[9]).toMatch(
      new RegExp(`^b,auc,selected,${comparison.runs[1].report.metrics.auc.value},.*,a,`),
    );
    expect(renderRuns(comparison, 'md')).toContain('| difference from first |');
    expect(renderRuns(comparison, 'tex').match(/\\toprule/g)).toHaveLength(8);
    expect(JSON.parse(renderRuns(comparison, 'json'))).toEqual(
      JSON.parse(JSON.stringify(comparison)),
    );
  });
});

describe('shortNames', () => {
  it('keeps what tells paths apart', () => {
    expect(shortNames(['/x/runs/a', '/x/runs/b'])).toEqual(['a', 'b']);
    expect(shortNames(['/x/base/0', '/x/method/0', '/x/other'])).toEqual([
      'base/0',
      'method/0',
      'other',
    ]);
    expect(shortNames(['/x/a', '/x/a'])).toEqual(['x/a', 'x/a']);
  });
});
