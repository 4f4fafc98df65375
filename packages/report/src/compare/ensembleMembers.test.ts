import { join } from 'node:path';
import type { Predictions } from '@nonlocal-med/core';
import { comparePredictions, holm } from '@nonlocal-med/metrics';
import { ensembleRun, readRun } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import type { Table } from '../tables/table.js';
import { compareRunRecords } from './compareRunRecords.js';
import { renderRuns } from './renderRuns.js';
import { runsToText } from './runsToText.js';

const folder = await temporaryFolder('ensemble-members');
const runs = await Promise.all(
  ['a', 'b', 'c'].map(async (name, seed) => {
    await writeSyntheticRun(join(folder, name), { model: name, skill: 1 + seed / 4, seed });
    return readRun(join(folder, name));
  }),
);
const ensemble = ensembleRun(runs, 'ensemble of 3');
const comparison = compareRunRecords([...runs, ensemble], { resamples: 50, weights: 'last' });
const formatTable = (columns: Table['columns'], rows: Table['rows']): string =>
  [columns.map(({ title }) => title), ...rows].map((row) => row.join('  ')).join('\n');

describe('an ensemble in a comparison of runs', () => {
  it('is compared with each of its runs, corrected for their number', () => {
    const [{ ensemble: name, members }] = comparison.ensembles!;
    expect(name).toBe('ensemble of 3');
    expect(members.map(({ run }) => run)).toEqual(['a', 'b', 'c']);
    const tests = runs.map(
      ({ predictions }) =>
        comparePredictions(
          ensemble.predictions.last as Predictions,
          predictions.last as Predictions,
          {
            metrics: [],
            resamples: 1,
          },
        ).auc,
    );
    const adjusted = holm(tests.map(({ pValue }) => pValue));
    members.forEach((member, i) => {
      expect(member.comparison.auc.difference).toBeCloseTo(tests[i].difference!, 12);
      expect(member.comparison.auc.pValue).toBeCloseTo(tests[i].pValue!, 12);
      expect(member.adjusted.auc).toBeCloseTo(adjusted[i]!, 12);
    });
  });

  it('has tables of this in every format, within 80 columns of text', () => {
    const text = runsToText(comparison, { formatTable });
    expect(text).toContain('ensemble of 3 against  AUC  ensemble - run  p (Holm)\na  0.');
    expect(text.replaceAll('\n', ' ')).toContain(
      'The last table compares the ensemble with each of its runs, corrected for their number',
    );
    expect(renderRuns(comparison, 'md')).toContain('| ensemble of 3 against | AUC |');
    const csv = renderRuns(comparison, 'csv').split('\n');
    const of = (baseline: string): string[] =>
      csv.filter((line) => line.startsWith('ensemble of 3,auc,') && line.includes(`,${baseline},`));
    expect(['a', 'b', 'c'].map((baseline) => of(baseline).length)).toEqual([1, 1, 1]);
  });

  it('is not there without an ensemble', () =>
    expect(compareRunRecords(runs, { resamples: 5 })).not.toHaveProperty('ensembles'));
});
