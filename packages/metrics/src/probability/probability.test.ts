import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { calibration } from './calibration.js';
import { brierScore, logLoss } from './scoringRules.js';

const { classification, equalMass } = golden();

describe.each(classification)(
  'probability metrics on $name',
  ({ name, labels, probabilities, expected }) => {
    const flat = probabilities.flat();
    it('equal the log loss and Brier score of scikit-learn', () => {
      expectClose(logLoss(labels, flat), expected.logLoss);
      expectClose(brierScore(labels, flat), expected.brierScore);
    });
    it('follow the definition of the calibration errors', () => {
      const { expected: mean, maximum } = calibration(labels, flat);
      expectClose(mean, expected.calibrationError);
      expectClose(maximum, expected.maximumCalibrationError);
    });
    if (name === 'five classes')
      it('equal the calibration errors of torchmetrics (float32), since no confidence lies on an edge', () => {
        expectClose(calibration(labels, flat).expected, expected.calibrationErrorOfLibrary, 1e-6);
        expectClose(
          calibration(labels, flat).maximum,
          expected.maximumCalibrationErrorOfLibrary,
          1e-6,
        );
      });
  },
);

describe('calibration', () => {
  it.each(equalMass)(
    'uses $count bins of equal mass',
    ({ labels, probabilities, count, bins, expected, maximum }) => {
      const result = calibration(labels, probabilities.flat(), {
        bins: count,
        binning: 'equal-mass',
      });
      expectClose(result.expected, expected);
      expectClose(result.maximum, maximum);
      expect(result.bins.length).toBe(bins);
      expect(result.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(labels.length);
    },
  );

  it('counts an edge in the bin below it, and 0 and 1 in the outer bins', () => {
    const { bins } = calibration([0, 0, 1], [0.5, 0.5, 1, 0, 0.25, 0.75], { bins: 4 });
    expect(bins.map(({ count }) => count)).toEqual([0, 1, 1, 1]);
    expect(bins[0]).toEqual({ lower: 0, upper: 0.25, count: 0, confidence: null, accuracy: null });
    expect(bins[1]).toEqual({ lower: 0.25, upper: 0.5, count: 1, confidence: 0.5, accuracy: 1 });
  });

  it('keeps equal confidences in one bin of equal mass, whatever the order of the samples', () => {
    const rows = [
      [1, 0],
      [1, 0],
      [1, 0],
      [0.9, 0.1],
      [0.6, 0.4],
      [0.6, 0.4],
    ];
    const labels = [0, 1, 0, 0, 1, 0];
    const forward = calibration(labels, rows.flat(), { bins: 3, binning: 'equal-mass' });
    const backward = calibration([...labels].reverse(), [...rows].reverse().flat(), {
      bins: 3,
      binning: 'equal-mass',
    });
    expect(forward).toEqual(backward);
    expect(forward.bins.map(({ count }) => count)).toEqual([2, 4]); // the second third would end inside the run of 1s
  });

  it('is null without samples, and rejects an invalid number of bins', () => {
    expect(calibration([], [])).toEqual({
      expected: null,
      maximum: null,
      binning: 'equal-width',
      bins: [],
    });
    expect(logLoss([], [])).toBeNull();
    expect(brierScore([], [])).toBeNull();
    expect(() => calibration([0], [1, 0], { bins: 0 })).toThrow('got 0');
  });

  it('stays finite when a true class has probability 0', () => {
    expect(logLoss([0], [0, 1])).toBeCloseTo(36.0437, 4); // -log(2^-52)
    expect(() => logLoss([0], [NaN, 1])).toThrow('probabilities[0]: NaN for class 0');
  });
});
