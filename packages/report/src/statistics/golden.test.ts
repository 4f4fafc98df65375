import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExperimentFolder } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { summarizeExperiment } from './summarizeExperiment.js';
import type { SummaryMetric } from './summaryMetrics.js';

/** Folder that the runs are kept in, for test/golden/make_summary.py. */
const kept = process.env.NONLOCAL_MED_KEEP;
const root = kept ?? (await temporaryFolder('golden'));

type Name = Extract<
  SummaryMetric,
  'auc' | 'sensitivity' | 'accuracyOneVsRest' | 'accuracy' | 'quadraticKappa'
>;
interface GoldenComparison extends Record<Name, { t: number; p: number; holm: number }> {
  readonly delong: { z: number; p: number }[];
  readonly mcnemar: number[];
  readonly delongOfAll?: { z: number; p: number };
}
interface Golden {
  readonly rows: Record<string, Record<Name, { mean: number; deviation: number }>>;
  readonly comparisons: Record<string, GoldenComparison>;
}
const names: readonly Name[] = [
  'auc',
  'sensitivity',
  'accuracyOneVsRest',
  'accuracy',
  'quadraticKappa',
];

describe.each(['splits', 'seeds'] as const)(
  'summarizeExperiment over %s (expected values: test/golden/make_summary.py)',
  (kind) => {
    it('equals SciPy, scikit-learn and statsmodels in means, standard deviations, tests and corrections', async () => {
      const folder = join(root, kind);
      await writeSyntheticExperiment(folder, {
        skills: { resnet18: 1, 'resnet18-se': 1.3, 'resnet18-nla': 2 },
        kind,
      });
      const { rows } = summarizeExperiment(await readExperimentFolder(folder), { resamples: 20 });
      const golden = (
        JSON.parse(
          readFileSync(new URL('../../test/golden/summary.json', import.meta.url), 'utf8'),
        ) as Record<string, Golden>
      )[kind];
      for (const [key, expected] of Object.entries(golden.rows)) {
        const { metrics, comparison } = rows.find((row) => row.key === key)!;
        for (const name of names) {
          expect(metrics[name].mean).toBeCloseTo(expected[name].mean, 12);
          expect(metrics[name].standardDeviation).toBeCloseTo(expected[name].deviation, 12);
        }
        if (comparison === null) continue;
        const tests = golden.comparisons[key];
        for (const name of names) {
          const { statistic, pValue, adjusted } = comparison.metrics[name].overRepeats;
          expect([name, statistic]).toEqual([name, expect.closeTo(tests[name].t, 10)]);
          expect(pValue).toBeCloseTo(tests[name].p, 12);
          expect(adjusted).toBeCloseTo(tests[name].holm, 12);
        }
        tests.delong.forEach(({ z, p }, repeat) =>
          expect(comparison.metrics.auc.perRepeat[repeat]).toMatchObject({
            statistic: expect.closeTo(z, 10) as number,
            pValue: expect.closeTo(p, 12) as number,
          }),
        );
        tests.mcnemar.forEach((p, repeat) =>
          expect(comparison.metrics.accuracy.perRepeat[repeat]!.pValue).toBeCloseTo(p, 12),
        );
        if (tests.delongOfAll !== undefined)
          expect(comparison.metrics.auc.onImages).toMatchObject({
            test: 'DeLong',
            statistic: expect.closeTo(tests.delongOfAll.z, 10) as number,
            pValue: expect.closeTo(tests.delongOfAll.p, 12) as number,
          });
      }
      expect(Object.keys(golden.rows)).toHaveLength(3);
    });
  },
);
