import { join } from 'node:path';
import { temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { decide, scoredImages } from '../client/decide.js';
import { openSubject } from '../openSubject.js';
import { pagePredictions } from './pagePredictions.js';

const folder = await temporaryFolder('page-predictions');

describe('pagePredictions', () => {
  it.each([
    ['classes', {}],
    ['findings', { findings: ['effusion', 'mass'] }],
  ])('decide about %s as metrics.json says', async (name, options) => {
    const run = join(folder, name);
    await writeSyntheticRun(run, { model: 'a', skill: 1, decided: true, images: 70, ...options });
    const { models, choices } = await openSubject({ runs: [run] });
    const data = pagePredictions(models, choices, 1e6);
    expect(data.runs.map(({ weights }) => weights)).toEqual(['selected', 'last']);
    expect(data.sets).toHaveLength(1);
    for (const predicted of data.runs) {
      const report = models[0].runs[0].metrics.decision![predicted.weights as 'last']!;
      expect(predicted.points).toHaveLength(report.points.length);
      for (const [p, point] of predicted.points!.entries()) {
        const rows = decide(data, scoredImages(data, predicted, point), point);
        const sum = (isPositive: boolean, key: 'called' | 'notCalled'): number =>
          rows
            .filter((row) => row.isPositive === isPositive)
            .reduce((total, row) => total + row[key].length, 0);
        const { test } = report.points[p];
        expect([
          sum(true, 'called'),
          sum(true, 'notCalled'),
          sum(false, 'called'),
          sum(false, 'notCalled'),
        ]).toEqual([
          test.truePositives,
          test.falseNegatives,
          test.falsePositives,
          test.trueNegatives,
        ]);
      }
    }
  });

  it('leave out models for which there is no room', async () => {
    const run = join(folder, 'classes');
    const { models, choices } = await openSubject({ runs: [run] });
    const all = pagePredictions(models, choices, 1e6);
    const { ids, labels } = all.sets[0];
    const room = JSON.stringify({ ids, labels }).length + JSON.stringify(all.runs[0]).length;
    expect(pagePredictions(models, choices, room).runs).toEqual([all.runs[0]]);
    expect(pagePredictions(models, choices, 100)).toMatchObject({ runs: [], sets: [] });
  });
});
