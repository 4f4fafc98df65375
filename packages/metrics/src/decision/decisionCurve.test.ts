import { readFileSync } from 'node:fs';
import { createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import type { BinarySamples } from './binarySamples.js';
import { decisionCurve } from './decisionCurve.js';

/** Numbers of NumPy from test/golden/make_decision_curve.py. */
const { cases } = JSON.parse(
  readFileSync(new URL('../../test/golden/decision_curve.json', import.meta.url), 'utf8'),
) as {
  cases: (Record<'labels' | 'scores' | 'thresholds' | 'model' | 'treatAll' | 'gain', number[]> & {
    name: string;
    prevalence?: number;
  })[];
};

const asSamples = (
  labels: readonly number[],
  scores: readonly number[],
  groups?: readonly string[],
): BinarySamples => ({
  ids: labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(labels),
  scores: Float64Array.from(scores),
  ...(groups === undefined ? {} : { groups }),
});

describe('decisionCurve', () => {
  it.each(cases)(
    'equals the definition in NumPy: $name',
    ({ labels, scores, thresholds, prevalence, ...expected }) => {
      const curve = decisionCurve(asSamples(labels, scores), {
        thresholds,
        prevalence,
        resamples: 20,
      });
      expect(curve.map(({ threshold }) => threshold)).toEqual(thresholds);
      for (const name of ['model', 'treatAll', 'gain'] as const)
        curve.forEach((point, k) => expectClose(point[name].estimate, expected[name][k]));
    },
  );

  it('has 99 thresholds by default', () => {
    const { labels, scores, model } = cases[0];
    const curve = decisionCurve(asSamples(labels, scores), { resamples: 20 });
    curve.forEach((point, k) => expectClose(point.model.estimate, model[k]));
    expect(curve).toHaveLength(99);
  });

  it('has intervals as wide as the variance of a mean over samples', () => {
    const { labels, scores } = cases[0];
    const [{ model, treatAll }] = decisionCurve(asSamples(labels, scores), {
      thresholds: [0.2],
      resamples: 4000,
    });
    // A net benefit is the mean of 1 for a true positive and -t / (1 - t) for a false positive.
    const width = (isTreated: (i: number) => boolean): number => {
      const values = labels.map((label, i): number =>
        isTreated(i) ? (label === 1 ? 1 : -0.25) : 0,
      );
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      return 2 * 1.96 * Math.sqrt(variance / values.length);
    };
    const ratio = ({ lower, upper }: typeof model, expected: number): number =>
      (upper! - lower!) / expected;
    expect(
      Math.abs(
        ratio(
          model,
          width((i) => scores[i] >= 0.2),
        ) - 1,
      ),
    ).toBeLessThan(0.07);
    expect(
      Math.abs(
        ratio(
          treatAll,
          width(() => true),
        ) - 1,
      ),
    ).toBeLessThan(0.07);
  });

  it('resamples whole patients', () => {
    const random = createRandom(5, 'patients');
    const labels: number[] = [];
    const scores: number[] = [];
    const patients: string[] = [];
    for (let patient = 0; patient < 60; patient++) {
      const score = random.uniform();
      // Five copies of one image carry no more information than one.
      for (let copy = 0; copy < 5; copy++) {
        labels.push(patient % 2);
        scores.push(score);
        patients.push(`patient ${patient}`);
      }
    }
    const width = (groups?: readonly string[]): number => {
      const [{ model }] = decisionCurve(asSamples(labels, scores, groups), {
        thresholds: [0.4],
        resamples: 500,
        seed: 1,
      });
      return model.upper! - model.lower!;
    };
    expect(width(patients) / width()).toBeGreaterThan(1.7); // sqrt(5) = 2.2 in theory
  });

  it('refuses scores that are not probabilities, one class, and numbers out of range', () => {
    const samples = asSamples([0, 1], [0.2, 0.7]);
    expect(() => decisionCurve(asSamples([0, 1], [0.2, 1.5]))).toThrow(
      'scores[1]: 1.5 is not a probability',
    );
    expect(() => decisionCurve(asSamples([0, 0], [0.2, 0.5]))).toThrow(
      'labels: all 2 samples are negative (a decision curve needs',
    );
    expect(() => decisionCurve(samples, { thresholds: [0.5, 1], prevalence: 0 })).toThrow(
      /thresholds\[1\]: 1 is not a threshold probability.*\n.*prevalence: 0 is out of range/,
    );
    expect(() => decisionCurve(samples, { thresholds: [] })).toThrow('thresholds: none is given');
  });
});
