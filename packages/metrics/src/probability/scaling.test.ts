import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { randomPredictions } from '../testing/randomPredictions.js';
import { applyPlatt, calibrateFindings, fitPlatt, probabilityLogit } from './plattScaling.js';
import { logLoss } from './scoringRules.js';
import { applyTemperature, fitTemperature, probabilityLogits } from './temperatureScaling.js';

/** Numbers of SciPy, PyTorch and scikit-learn from test/golden/make_calibration.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/calibration.json', import.meta.url), 'utf8'),
) as {
  readonly temperature: (Record<
    'scipy' | 'root' | 'torch' | 'sklearn' | 'lossBefore' | 'lossAfter',
    number
  > & { name: string; labels: number[]; logits: number[][]; scaled: number[][] })[];
  readonly platt: (Record<'smoothed' | 'plain' | 'library', [slope: number, intercept: number]> & {
    name: string;
    labels: number[];
    scores: number[];
    scaled: number[];
  })[];
};

describe('fitTemperature', () => {
  it.each(golden.temperature)('equals SciPy, PyTorch and scikit-learn: $name', (expected) => {
    const fit = fitTemperature(expected.labels, expected.logits.flat());
    expectClose(fit.temperature, expected.root);
    for (const library of ['scipy', 'torch', 'sklearn'] as const)
      expectClose(fit.temperature, expected[library], 1e-7);
    expectClose(fit.lossBefore, expected.lossBefore);
    expectClose(fit.lossAfter, expected.lossAfter);
    expect(Math.abs(fit.gradient)).toBeLessThan(1e-12);
  });

  it('finds the same temperature from probabilities', () => {
    const { labels, probabilities } = randomPredictions({ count: 200, classes: 3 });
    const logits = probabilityLogits(probabilities);
    const shifted = logits.map((logit, i) => 5 * logit + Math.floor(i / 3));
    const { temperature } = fitTemperature(labels, shifted);
    expectClose(temperature / 5, fitTemperature(labels, logits).temperature, 1e-10);
  });

  it('refuses what has no best temperature, with the reason', () => {
    const logits = [2, 0, 1, 0, 0, 3];
    expect(() => fitTemperature([0, 0, 1], logits)).toThrow(
      'temperature: all 3 samples are predicted correctly, so the loss falls with the temperature down to 0',
    );
    expect(() => fitTemperature([0, 0, 0], logits)).toThrow(
      'temperature: all 3 samples are of class 0',
    );
    expect(() => fitTemperature([1, 0, 0], logits)).toThrow('not above the others');
    expect(() => fitTemperature([0, 1], [1, NaN, 0, 2])).toThrow(
      'logits[0]: NaN for class 1 is not a logit',
    );
    expect(() => fitTemperature([0, 2], [1, 0, 0, 2])).toThrow('labels[1]: 2 is not a class index');
    expect(() => fitTemperature([0, 1], [1, 2])).toThrow('got 2 numbers for 2 samples');
  });
});

describe('applyTemperature', () => {
  it.each(golden.temperature)('equals softmax(logits / T) of SciPy: $name', (expected) => {
    const logits = expected.logits.slice(0, 5);
    const classes = logits[0].length;
    const powers = logits.map((row) => row.map((logit) => Math.exp(logit)));
    const predictions = {
      classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
      ids: logits.map((_, i) => `image-${i}`),
      labels: Int32Array.from(expected.labels.slice(0, 5)),
      probabilities: Float64Array.from(
        powers.flatMap((row) => row.map((power) => power / row.reduce((a, b) => a + b))),
      ),
    };
    const { probabilities } = applyTemperature(predictions, expected.root);
    expected.scaled.flat().forEach((value, i) => expectClose(probabilities[i], value));
  });

  it('improves the loss where it was fitted and keeps probabilities of 0 usable', () => {
    const predictions = randomPredictions({ count: 150, classes: 4, sharpness: 0.5 });
    const { labels, probabilities } = predictions;
    const { temperature, lossBefore, lossAfter } = fitTemperature(
      labels,
      probabilityLogits(probabilities),
    );
    expectClose(logLoss(labels, probabilities), lossBefore);
    expectClose(
      logLoss(labels, applyTemperature(predictions, temperature).probabilities),
      lossAfter,
    );
    expect(lossAfter).toBeLessThan(lossBefore);
    const certain = { ...predictions, ids: ['a'], labels: Int32Array.of(-1) };
    const one = applyTemperature({ ...certain, probabilities: Float64Array.of(1, 0, 0, 0) }, 20);
    expectClose(one.probabilities[1] / one.probabilities[0], 2 ** (-149 / 20));
    expect(() => applyTemperature(predictions, 0)).toThrow('A temperature must be above 0, got 0.');
  });
});

describe('fitPlatt', () => {
  it.each(golden.platt)(
    "equals scikit-learn with Platt's targets and without: $name",
    (expected) => {
      const { labels, scores } = expected;
      const smoothed = fitPlatt(labels, scores);
      const plain = fitPlatt(labels, scores, { smoothing: false });
      for (const [fit, [slope, intercept]] of [
        [smoothed, expected.smoothed],
        [plain, expected.plain],
      ] as const) {
        expectClose(fit.slope, slope, 1e-9);
        expectClose(fit.intercept, intercept, 1e-9);
        expect(fit.gradient).toBeLessThan(1e-10);
        expect(fit.positives).toBe(labels.filter((label) => label === 1).length);
      }
      expectClose(smoothed.slope, expected.library[0], 1e-6);
      expectClose(smoothed.intercept, expected.library[1], 1e-6);
      applyPlatt(scores.slice(0, 5), smoothed).forEach((probability, i) =>
        expectClose(probability, expected.scaled[i], 1e-9),
      );
    },
  );

  it('refuses what has no fit, with the reason', () => {
    expect(() => fitPlatt([1, 1], [0, 1])).toThrow('labels: all 2 samples are positive (a sigmoid');
    for (const scores of [
      [-1, 0, 1, 2],
      [2, 1, 0, -1],
      [-1, 0, 0, 1],
    ])
      expect(() => fitPlatt([0, 0, 1, 1], scores)).toThrow(
        'sigmoid: a threshold separates the positive from the negative samples (4 in all)',
      );
    expect(() => fitPlatt([0, 1, 0], [3, 3, 3])).toThrow('sigmoid: all 3 scores are 3');
    expect(() => fitPlatt([0, 1, 0], [3, Infinity, 3])).toThrow('a score is infinite');
    expect(() => fitPlatt([0, 2], [1, 2])).toThrow('labels[1]: 2 is not a two-class label');
  });
});

describe('calibrateFindings', () => {
  it('scales each finding with its own sigmoid, or leaves it', () => {
    const predictions = {
      findings: ['effusion', 'mass'],
      ids: ['a', 'b'],
      labels: Int32Array.of(1, 0, 0, -1),
      probabilities: Float64Array.of(0.9, 0.8, 0.5, 0),
    };
    const { probabilities } = calibrateFindings(predictions, [{ slope: 0.5, intercept: 1 }, null]);
    // sqrt(9) e = odds of the first, e those of the second.
    expectClose(probabilities[0], (3 * Math.E) / (1 + 3 * Math.E));
    expectClose(probabilities[2], Math.E / (1 + Math.E));
    expect([probabilities[1], probabilities[3]]).toEqual([0.8, 0]);
    expect(() => calibrateFindings(predictions, [null])).toThrow('has 1 entries, expected 2');
  });

  it('has finite logits at 0 and 1 and exact ones near 0', () => {
    expectClose(probabilityLogit(0), -149 * Math.LN2);
    expectClose(probabilityLogit(1), 53 * Math.LN2);
    expectClose(probabilityLogit(1e-20), Math.log(1e-20));
    expect(probabilityLogit(0.5)).toBe(0);
  });
});
