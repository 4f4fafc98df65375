import { readFileSync } from 'node:fs';
import { createRandom, type FindingPredictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { evaluateFindings } from './evaluateFindings.js';
import { findingMetricNames } from './findingSamples.js';
import type { FindingMetricName } from './findingsReport.js';

type Numbers = Record<FindingMetricName, number | null>;

/** Numbers of scikit-learn from test/golden/make_findings.py. */
interface Case {
  readonly name: string;
  readonly labels: number[][];
  readonly probabilities: number[][];
  readonly thresholds: number[];
  readonly perFinding: (Numbers & Record<'positives' | 'negatives' | 'delongError', number>)[];
  readonly macro: Numbers;
  readonly micro: { readonly auc: number; readonly averagePrecision: number };
  readonly library?: Record<`${'macro' | 'micro'} ${'auc' | 'averagePrecision'}`, number>;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../test/golden/findings.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const asPredictions = (
  labels: readonly (readonly number[])[],
  probabilities: readonly (readonly number[])[],
  groups?: readonly string[],
): FindingPredictions => ({
  findings: labels[0].map((_, f) => `finding ${f}`),
  ids: labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(labels.flat()),
  probabilities: Float64Array.from(probabilities.flat()),
  ...(groups === undefined ? {} : { groups }),
});

describe.each(cases)(
  'evaluateFindings on $name, against scikit-learn',
  ({ labels, probabilities, thresholds, perFinding, macro, micro, library }) => {
    const report = evaluateFindings(asPredictions(labels, probabilities), { thresholds });

    it('computes the metrics of each finding on its known labels', () => {
      perFinding.forEach((expected, f) => {
        const found = report.perFinding[f];
        for (const name of findingMetricNames) expectClose(found[name].value, expected[name]);
        expect(found).toMatchObject({
          positives: expected.positives,
          negatives: expected.negatives,
          threshold: thresholds[f],
        });
        expect(found.unknown).toBe(labels.length - expected.positives - expected.negatives);
        expectClose(found.calibration.expected, expected.calibrationError);
      });
    });

    it("has DeLong's interval of each AUC", () => {
      perFinding.forEach(({ delongError, auc }, f) => {
        const { delong, auc: estimate } = report.perFinding[f];
        expectClose(delong.standardError, delongError);
        if (delongError === null) return;
        const center = Math.log(auc! / (1 - auc!));
        const half = (1.959963984540054 * delongError) / (auc! * (1 - auc!));
        expectClose(estimate.interval!.lower, 1 / (1 + Math.exp(half - center)));
        expectClose(estimate.interval!.upper, 1 / (1 + Math.exp(-half - center)));
        expect(estimate.interval!.method).toBe('delong-logit');
      });
    });

    it('averages over the findings that are defined, and over all known labels', () => {
      for (const name of findingMetricNames) expectClose(report.macro[name].value, macro[name]);
      expectClose(report.micro.auc.value, micro.auc);
      expectClose(report.micro.averagePrecision.value, micro.averagePrecision);
    });

    it.runIf(library !== undefined)("equals the library's own macro and micro averages", () => {
      for (const average of ['macro', 'micro'] as const)
        for (const name of ['auc', 'averagePrecision'] as const)
          expectClose(report[average][name].value, library![`${average} ${name}`]);
    });

    it('returns plain JSON, with a reason for every null', () => {
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      const estimates = [report.macro, ...report.perFinding].flatMap((row) =>
        findingMetricNames.map((name) => row[name]),
      );
      for (const { value, undefinedBecause } of [...estimates, ...Object.values(report.micro)])
        expect(value === null).toBe(undefinedBecause !== undefined);
    });
  },
);

describe('evaluateFindings', () => {
  it('names the reason where something is not defined', () => {
    const { labels, probabilities, thresholds } = cases[2];
    const { perFinding, notes } = evaluateFindings(asPredictions(labels, probabilities), {
      thresholds,
    });
    expect(perFinding.map(({ auc }) => auc.undefinedBecause)).toEqual([
      undefined,
      'no known label of "finding 1" is positive',
      'every known label of "finding 2" is positive',
      'no label of "finding 3" is known',
      undefined,
    ]);
    expect(perFinding[4].precision.undefinedBecause).toBe('"finding 4" is never predicted');
    expect(perFinding[4].delong.undefinedBecause).toContain('a single sample');
    const unknown = labels.flat().filter((label) => label === -1).length;
    expect(notes).toEqual([
      `Left out: ${unknown} labels that are not known.`,
      'Without a known label: "finding 3". All means leave such findings out.',
      'Never present: "finding 1". Means of AUC, average precision and sensitivity leave such findings out.',
      'Always present: "finding 2". Means of AUC and specificity leave such findings out.',
      'Present in a single sample: "finding 4". DeLong\'s variance is not defined.',
      'Never predicted at the threshold: "finding 4". The mean of precision leaves such findings out; their F1 is 0.',
    ]);
    const without = evaluateFindings(asPredictions([[-1], [-1]], [[0.1], [0.2]]));
    expect(without.macro.auc.undefinedBecause).toBe('it is not defined for any finding');
    expect(without.micro.auc.undefinedBecause).toBe('no label of any finding is known');
  });

  it('calls a finding present from its threshold on', () => {
    const predictions = asPredictions([[1], [0]], [[0.3], [0.3]]);
    const { sensitivity, specificity } = evaluateFindings(predictions, { thresholds: 0.3 })
      .perFinding[0];
    expect([sensitivity.value, specificity.value]).toEqual([1, 0]);
    expect(evaluateFindings(predictions, { thresholds: [0.31] }).perFinding[0].predicted).toBe(0);
  });

  it('resamples whole patients when samples have groups', () => {
    const random = createRandom(0, 'findings');
    const labels: number[][] = [];
    const probabilities: number[][] = [];
    const patients: string[] = [];
    for (let patient = 0; patient < 40; patient++) {
      const truth = [patient % 2, patient % 3 === 0 ? 1 : 0];
      const scores = truth.map((label) => 0.25 + 0.2 * label + 0.5 * random.uniform());
      // Five copies of one image carry no more information than one.
      for (let copy = 0; copy < 5; copy++) {
        labels.push(truth);
        probabilities.push(scores);
        patients.push(`patient ${patient}`);
      }
    }
    const bootstrap = { resamples: 400, seed: 1 };
    const width = (groups?: readonly string[]): number => {
      const {
        macro,
        micro,
        perFinding,
        bootstrap: used,
      } = evaluateFindings(asPredictions(labels, probabilities, groups), { bootstrap });
      expect(used).toEqual({
        resamples: 400,
        seed: 1,
        method: 'percentile',
        grouped: groups !== undefined,
      });
      for (const { interval } of [macro.auc, micro.averagePrecision, perFinding[1].brierScore])
        expect(interval!.method).toBe('bootstrap-percentile');
      if (groups !== undefined) expect(perFinding.map((row) => row.groups)).toEqual([20, 14]);
      return perFinding[0].auc.interval!.upper - perFinding[0].auc.interval!.lower;
    };
    expect(width(patients) / width()).toBeGreaterThan(1.5); // sqrt(5) = 2.2 in theory
  });

  it('lists every label and probability that cannot be used', () => {
    const predictions = asPredictions(
      [
        [1, 2],
        [0, -1],
      ],
      [
        [0.5, 0.5],
        [-3, 0.5],
      ],
    );
    expect(() => evaluateFindings(predictions)).toThrow(
      /sample "image-0": the label of "finding 1" is 2 .*\n.*sample "image-1": -3 for "finding 0" is not a probability/,
    );
    const good = asPredictions([[1, 0]], [[0.5, 0.5]]);
    expect(() => evaluateFindings({ ...good, findings: ['a', 'a'] })).toThrow(
      '"a" is listed twice',
    );
    expect(() => evaluateFindings({ ...good, findings: [] })).toThrow('none is given');
    expect(() => evaluateFindings({ ...good, ids: ['a', 'b'] })).toThrow(
      'has 1 entries, expected 2',
    );
    expect(() => evaluateFindings(good, { thresholds: [0.5] })).toThrow(
      'thresholds has 1 entries, expected 2: one per finding.',
    );
    expect(() => evaluateFindings(good, { thresholds: 50 })).toThrow(
      'The threshold of "finding 0" must be from 0 to 1, got 50.',
    );
  });
});
