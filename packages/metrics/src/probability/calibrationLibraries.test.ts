import { readFileSync } from 'node:fs';
import type { Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { decisionCurve } from '../decision/decisionCurve.js';
import { evaluateFindings } from '../findings/evaluateFindings.js';
import { expectClose } from '../testing/expectClose.js';
import { type Calibration, calibration, type CalibrationOptions } from './calibration.js';
import { applyCalibration, fitCalibration } from './fitCalibration.js';

interface Labeled {
  readonly labels: number[];
  readonly probabilities: number[];
}
interface Scaling {
  readonly temperature: number;
  readonly scaled: number[];
}
interface Errors {
  readonly expected: number;
  readonly maximum: number;
}

/** Numbers of dcurves, netcal and scikit-learn from test/golden/make_calibration_libraries.py, with their versions. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/calibration_libraries.json', import.meta.url), 'utf8'),
) as {
  readonly curves: (Record<'labels' | 'scores' | 'thresholds' | 'model' | 'treatAll', number[]> & {
    readonly name: string;
    readonly prevalence?: number;
  })[];
  readonly classes: {
    readonly name: string;
    readonly validation: Labeled;
    readonly test: Labeled;
    readonly netcal: Scaling;
    readonly sklearn: Scaling;
    readonly errors: Record<string, Errors>;
  }[];
  readonly findings: (Record<'labels' | 'scores' | 'accuracy' | 'confidence', number[]> &
    Errors & { readonly name: string; readonly bins: number })[];
};

const ofClasses = ({ labels, probabilities }: Labeled): Predictions => ({
  classes: Array.from({ length: probabilities.length / labels.length }, (_, c) => `class ${c}`),
  ids: labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(labels),
  probabilities: Float64Array.from(probabilities),
});
/** Calibration of the probability of a finding. */
const ofFinding = (
  labels: readonly number[],
  scores: readonly number[],
  options: CalibrationOptions,
): Calibration =>
  evaluateFindings(
    {
      findings: ['mass'],
      ids: labels.map((_, i) => `image-${i}`),
      labels: Int32Array.from(labels),
      probabilities: Float64Array.from(scores),
    },
    { calibration: options },
  ).perFinding[0].calibration;
const farthest = (values: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...expected.map((value, i) => Math.abs(values[i] - value)));

describe('net benefit', () => {
  it.each(golden.curves)(
    'equals dcurves: $name',
    ({ labels, scores, thresholds, prevalence, model, treatAll }) => {
      const samples = {
        ids: labels.map((_, i) => `image-${i}`),
        labels: Int32Array.from(labels),
        scores: Float64Array.from(scores),
      };
      const curve = decisionCurve(samples, { thresholds, prevalence, resamples: 20 });
      curve.forEach((point, k) => {
        expectClose(point.model.estimate, model[k]);
        expectClose(point.treatAll.estimate, treatAll[k]);
      });
    },
  );
});

describe('temperature scaling', () => {
  it.each(golden.classes)(
    'equals scikit-learn and netcal, as far as their optimizers go: $name',
    ({ validation, test, sklearn, netcal }) => {
      const fitted = fitCalibration(ofClasses(validation));
      if (fitted.method !== 'temperature') throw new Error(fitted.method);
      const { probabilities } = applyCalibration(ofClasses(test), fitted);
      // Here the gradient is zero to the last digits; scikit-learn stops at 1e-6 of it, netcal earlier.
      expect(Math.abs(fitted.temperature / sklearn.temperature - 1)).toBeLessThan(1e-5);
      expect(farthest(probabilities, sklearn.scaled)).toBeLessThan(1e-5);
      expect(Math.abs(fitted.temperature / netcal.temperature - 1)).toBeLessThan(5e-4);
      expect(farthest(probabilities, netcal.scaled)).toBeLessThan(1e-4);
    },
  );
});

describe('calibration error', () => {
  const [four, two] = golden.classes;

  it('of the predicted class equals netcal with more than two classes', () => {
    const { labels, probabilities } = four.test;
    for (const [bins, { expected, maximum }] of Object.entries(four.errors)) {
      const found = calibration(labels, probabilities, { bins: Number(bins) });
      expectClose(found.expected, expected);
      expectClose(found.maximum, maximum);
    }
  });

  it('of two classes is that of the predicted class; netcal takes the second class, as here that of a finding', () => {
    const { labels, probabilities } = two.test;
    const second = probabilities.filter((_, i) => i % 2 === 1);
    for (const [bins, { expected, maximum }] of Object.entries(two.errors)) {
      const options = { bins: Number(bins) };
      const found = ofFinding(labels, second, options);
      expectClose(found.expected, expected);
      expectClose(found.maximum, maximum);
    }
    // With 15 bins, the middle one has scores on both sides of 0.5; mirrored bins may have equal errors.
    const predicted = calibration(labels, probabilities, { bins: 15 }).expected!;
    expect(Math.abs(predicted - two.errors[15].expected)).toBeGreaterThan(1e-3);
  });

  it.each(golden.findings)(
    'of a finding equals netcal, and its bins those of scikit-learn: $name',
    ({ labels, scores, bins, accuracy, confidence, expected, maximum }) => {
      const found = ofFinding(labels, scores, { bins });
      expectClose(found.expected, expected);
      expectClose(found.maximum, maximum);
      const filled = found.bins.filter(({ count }) => count > 0);
      expect(filled).toHaveLength(accuracy.length);
      filled.forEach((bin, b) => {
        expectClose(bin.accuracy, accuracy[b]);
        expectClose(bin.confidence, confidence[b]);
      });
    },
  );
});
