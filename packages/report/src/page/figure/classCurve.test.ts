import { precisionRecallBand, rocBand, rocCurve } from '@nonlocal-med/metrics';
import { syntheticPredictions } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { classCurve } from './classCurve.js';

const one = syntheticPredictions({ skill: 1 });
const other = syntheticPredictions({ skill: 1, seed: 5 });
const isClass = (index: number): number[] =>
  Array.from(one.labels, (label) => Number(label === index));
const scoresOf = ({ probabilities }: typeof one, index: number): number[] =>
  Array.from(isClass(index), (_, i) => probabilities[3 * i + index]);
const BAND = { points: 51, resamples: 500, seed: 0 };

describe('classCurve', () => {
  it('returns the exact curve of a single run with its bootstrap band', () => {
    const curve = classCurve('roc', [one], 'grade 2')!;
    expect(curve.line).toEqual(
      rocCurve(isClass(2), scoresOf(one, 2))!.map(({ falsePositiveRate, truePositiveRate }) => [
        falsePositiveRate,
        truePositiveRate,
      ]),
    );
    expect(curve.band).toEqual(rocBand(isClass(2), scoresOf(one, 2), BAND));
    expect(curve.repeats).toEqual([]);
    expect(classCurve('precision-recall', [one], 'grade 2')!.band).toEqual(
      precisionRecallBand(isClass(2), scoresOf(one, 2), BAND),
    );
  });

  it('returns the mean over several repeats and the curve of each', () => {
    const { line, band, repeats } = classCurve('roc', [one, other], 'grade 0')!;
    const bands = [one, other].map((predictions) =>
      rocBand(isClass(0), scoresOf(predictions, 0), BAND)!,
    );
    line.forEach(([x, y], i) => {
      expect(x).toBeCloseTo(i / 50, 12);
      expect(y).toBeCloseTo((bands[0][i].estimate + bands[1][i].estimate) / 2, 12);
      expect(band[i].lower).toBeCloseTo((bands[0][i].lower + bands[1][i].lower) / 2, 12);
    });
    expect(repeats).toEqual(bands.map((points) => points.map(({ x, estimate }) => [x, estimate])));
  });

  it('returns null if a class is absent', () => {
    expect(classCurve('roc', [{ ...one, labels: one.labels.map(() => 1) }], 'grade 0')).toBeNull();
  });

  it('leaves out images whose true class is unknown', () => {
    const unknown = { ...one, labels: one.labels.map((label, i) => (i < 10 ? -1 : label)) };
    const known = {
      ...one,
      ids: one.ids.slice(10),
      labels: one.labels.slice(10),
      probabilities: one.probabilities.slice(10 * 3),
    };
    expect(classCurve('roc', [unknown], 'grade 0')).toEqual(classCurve('roc', [known], 'grade 0'));
  });

  it('is that of one finding on the images where it is known', () => {
    const findings = {
      findings: ['mass', 'edema'],
      ids: one.ids,
      labels: Int32Array.from({ length: 120 }, (_, i) => (i < 10 ? -1 : one.labels[i >> 1] & 1)),
      probabilities: Float64Array.from({ length: 120 }, (_, i) => one.probabilities[3 * (i >> 1)]),
    };
    const known = Array.from({ length: 55 }, (_, i) => i + 5);
    const { band } = classCurve('roc', [findings], 'edema')!;
    expect(band).toEqual(
      rocBand(
        known.map((i) => one.labels[i] & 1),
        known.map((i) => one.probabilities[3 * i]),
        BAND,
      ),
    );
  });
});
