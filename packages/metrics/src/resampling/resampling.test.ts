import { InputError, type Predictions } from '@nonlocal-med/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { binaryAuc } from '../ranking/binaryAuc.js';
import { rocAuc } from '../ranking/rocAuc.js';
import type { Metric } from '../sample/weighting.js';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { randomPredictions } from '../testing/randomPredictions.js';
import { bootstrap, resamplingUnits } from './bootstrap.js';
import { bootstrapDifference } from './bootstrapDifference.js';
import { bootstrapInterval, bootstrapMean } from './bootstrapInterval.js';
import { precisionRecallBand, rocBand } from './curveBands.js';
import { acceleration, summarizeReplicates } from './replicateInterval.js';

const slow = process.env.NONLOCAL_MED_SLOW === '1';
const model = randomPredictions({ count: 120, classes: 4 });

/** The weights of every resample. */
function resampleWeights(
  units: ReturnType<typeof resamplingUnits>,
  resamples: number,
): Float64Array[] {
  const all: Float64Array[] = [];
  bootstrap(
    (weights) => {
      all.push(weights.slice());
      return [];
    },
    units,
    { resamples },
  );
  return all;
}

describe('summarizeReplicates, against scipy.stats.bootstrap', () => {
  const { bca } = golden();
  const replicates = Float64Array.from(bca.replicates);
  const strata = [
    Int32Array.from({ length: bca.strata[0] }, (_, i) => i),
    Int32Array.from({ length: bca.strata[1] }, (_, i) => bca.strata[0] + i),
  ];

  it('reads percentile intervals', () => {
    const { lower, upper, standardError } = summarizeReplicates(bca.estimate, replicates);
    expectClose(lower, bca.percentile[0]);
    expectClose(upper, bca.percentile[1]);
    expectClose(standardError, bca.standardError);
  });

  it('reads bias-corrected and accelerated intervals', () => {
    const { lower, upper } = summarizeReplicates(bca.estimate, replicates, {
      method: 'bca',
      acceleration: acceleration(Float64Array.from(bca.leaveOneOut), strata),
    });
    expectClose(lower, bca.bca[0]);
    expectClose(upper, bca.bca[1]);
  });
});

describe('bootstrap', () => {
  it('keeps the size of every class', () => {
    const sizes = bootstrap(
      (weights) =>
        [0, 1, 2, 3].map((c) =>
          weights.reduce((sum, weight, i) => sum + (model.labels[i] === c ? weight : 0), 0),
        ),
      resamplingUnits(model.labels),
      { resamples: 50 },
    );
    expect(sizes).toHaveLength(4);
    sizes.forEach((values, c) =>
      expect(new Set(values)).toEqual(
        new Set([model.labels.filter((label) => label === c).length]),
      ),
    );
  });

  it('samples each sample equally often', () => {
    const total = new Float64Array(12);
    for (const weights of resampleWeights(
      resamplingUnits([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]),
      20_000,
    ))
      weights.forEach((weight, i) => (total[i] += weight));
    // The standard deviation of a mean weight is below 0.007.
    for (const count of total) expect(Math.abs(count / 20_000 - 1)).toBeLessThan(0.03);
  });

  it('resamples whole groups when groups are given', () => {
    const groups = ['p1', 'p2', 'p1', 'p3', 'p2', 'p2'];
    const all = resampleWeights(resamplingUnits([0, 0, 1, 1, 0, 1], groups), 50);
    expect(all).toHaveLength(50);
    for (const weights of all) {
      expect(weights[2]).toBe(weights[0]);
      expect(weights[4]).toBe(weights[1]);
      expect(weights[5]).toBe(weights[1]);
      expect(weights[0] + weights[1] + weights[3]).toBe(3);
    }
  });

  it('depends on the seed alone', () => {
    const lower = (seed: number): number | null =>
      bootstrapInterval(model, 'auc', { seed, resamples: 100 }).lower;
    expect(lower(1)).toBe(lower(1));
    expect(lower(1)).not.toBe(lower(2));
  });
});

describe('bootstrapInterval', () => {
  it('gives none where a class has a single sample, unless whole patients are resampled', () => {
    const predictions: Predictions = {
      classes: ['a', 'b'],
      ids: ['1', '2', '3', '4'],
      labels: Int32Array.of(0, 0, 0, 1),
      probabilities: Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.4, 0.6),
    };
    expect(bootstrapInterval(predictions, 'auc')).toMatchObject({
      lower: null,
      upper: null,
      undefinedBecause: 'a class has a single sample, which resampling cannot vary',
    });
    const two = { ...predictions, labels: Int32Array.of(0, 0, 1, 1) };
    expect(bootstrapInterval(two, 'auc').lower).not.toBeNull();
  });

  it.each(['percentile', 'bca'] as const)('surrounds the estimate (%s)', (method) => {
    const interval = bootstrapInterval(model, 'auc', { method, resamples: 500 });
    expectClose(interval.estimate, rocAuc(model.labels, model.probabilities));
    expect(interval.lower!).toBeLessThan(interval.estimate!);
    expect(interval.upper!).toBeGreaterThan(interval.estimate!);
    expect(interval).toMatchObject({
      method,
      resamples: 500,
      confidence: 0.95,
      undefinedResamples: 0,
    });
  });

  it('averages models that share a test set, matched by id', () => {
    const other = randomPredictions({ count: 120, classes: 4, name: 'b' });
    const order = Array.from({ length: 120 }, (_, i) => 119 - i);
    const shuffled: Predictions = {
      ...other,
      ids: order.map((i) => other.ids[i]),
      labels: Int32Array.from(order, (i) => other.labels[i]),
      probabilities: Float64Array.from(
        order.flatMap((i) => [...other.probabilities.subarray(i * 4, i * 4 + 4)]),
      ),
    };
    const both = bootstrapInterval([model, shuffled], 'auc', { resamples: 200 });
    expectClose(
      both.estimate,
      (rocAuc(model.labels, model.probabilities)! + rocAuc(other.labels, other.probabilities)!) / 2,
    );
    expect(both).toEqual(bootstrapInterval([model, other], 'auc', { resamples: 200 }));
    const one = bootstrapInterval(model, 'auc', { resamples: 200 });
    expect(both.upper! - both.lower!).toBeLessThan(one.upper! - one.lower!);
  });

  it('accepts a custom metric', () => {
    const confidence: Metric =
      ({ probabilities, predicted, classes }) =>
      ({ weights }) =>
        weights.reduce(
          (sum, weight, i) => sum + weight * probabilities[i * classes + predicted[i]],
          0,
        ) / weights.length;
    const predictions: Predictions = {
      classes: ['a', 'b'],
      ids: ['w', 'x', 'y', 'z'],
      labels: Int32Array.of(0, 0, 1, 1),
      probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5, 0, 1, 0.25, 0.75),
    };
    // The mean of 0.75, 0.5, 1 and 0.75.
    expect(bootstrapInterval(predictions, confidence, { resamples: 50 }).estimate).toBe(0.75);
  });

  it('gives the reason when the metric is not defined on the samples', () => {
    const oneClass = { ...model, labels: new Int32Array(120).fill(2) };
    expect(bootstrapInterval(oneClass, 'auc')).toMatchObject({
      estimate: null,
      lower: null,
      upper: null,
      undefinedBecause: 'the metric is not defined on these samples',
    });
  });

  it('gives the reason when the metric is not defined on many resamples', () => {
    const two = randomPredictions({ count: 4, classes: 2 });
    // Half of the resamples contain one group twice, and so one class only.
    const grouped = bootstrapInterval({ ...two, labels: Int32Array.of(0, 0, 1, 1) }, 'auc', {
      groups: ['a', 'a', 'b', 'b'],
      resamples: 200,
    });
    expect(grouped.undefinedResamples).toBeGreaterThan(60);
    expect(grouped.undefinedResamples).toBeLessThan(140);
    expect(grouped).toMatchObject({
      lower: null,
      upper: null,
      undefinedBecause: `the metric is not defined on ${grouped.undefinedResamples} of 200 resamples`,
    });
    const rare: Metric =
      () =>
      ({ weights }) =>
        weights[0] > 0 ? 1 : null;
    expect(bootstrapInterval(model, rare, { resamples: 200 }).undefinedBecause).toMatch(
      /not defined on \d+ of 200 resamples/,
    );
  });

  it('rejects an unknown metric, missing models and invalid options', () => {
    expect(() => bootstrapInterval(model, 'acuracy' as 'accuracy')).toThrow(
      'did you mean "accuracy"',
    );
    expect(() => bootstrapInterval([], 'auc')).toThrow('no model given');
    expect(() => bootstrapInterval(model, 'auc', { resamples: 0 })).toThrow('got 0');
    expect(() => bootstrapInterval(model, 'auc', { groups: ['a'] })).toThrow(
      'groups has 1 entries',
    );
  });
});

describe('cost of a resample', () => {
  afterEach(() => vi.restoreAllMocks());

  it('prepares a metric once', () => {
    const evaluate = vi.fn(() => 1);
    const prepare = vi.fn(() => evaluate);
    bootstrapInterval(model, prepare, { resamples: 50 });
    expect(prepare).toHaveBeenCalledTimes(1);
    expect(evaluate).toHaveBeenCalledTimes(51); // the estimate and 50 resamples
  });

  it('sorts the samples once per class, not once per resample', () => {
    const sort = vi.spyOn(Int32Array.prototype, 'sort');
    bootstrapInterval(model, 'auc', { resamples: 50 });
    expect(sort).toHaveBeenCalledTimes(4);
  });
});

describe('bootstrapMean', () => {
  it('is the interval of the mean over resampled values', () => {
    // With two values the mean of a resample is 0, 0.5 or 1, each with a probability of at least 1/4.
    expect(bootstrapMean([0, 1], { resamples: 500 })).toMatchObject({
      estimate: 0.5,
      lower: 0,
      upper: 1,
      resamples: 500,
    });
  });

  it('is the interval of a custom metric with the same values', () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i));
    const meanOfValues: Metric =
      () =>
      ({ weights }) =>
        weights.reduce((sum, weight, i) => sum + weight * values[i], 0) / 40;
    const oneClass = {
      ...randomPredictions({ count: 40, classes: 2 }),
      labels: new Int32Array(40),
    };
    expect(bootstrapMean(values, { seed: 3, resamples: 100 })).toEqual(
      bootstrapInterval(oneClass, meanOfValues, { seed: 3, resamples: 100 }),
    );
  });

  it('resamples whole groups', () => {
    // Two groups of equal values: every resample has the mean 0, 0.5 or 1.
    const { lower, upper } = bootstrapMean([0, 0, 0, 1, 1, 1], {
      groups: ['a', 'a', 'a', 'b', 'b', 'b'],
    });
    expect(lower).toBe(0);
    expect(upper).toBe(1);
  });

  it('has no estimate without values', () => {
    expect(bootstrapMean([])).toMatchObject({ estimate: null, lower: null, upper: null });
  });
});

describe('bootstrapDifference', () => {
  it('is zero for identical models', () => {
    expect(bootstrapDifference(model, model, 'auc', { resamples: 100 })).toMatchObject({
      difference: 0,
      lower: 0,
      upper: 0,
      pValue: 1,
    });
  });

  it('has the smallest possible p-value for a clearly better model', () => {
    const better = randomPredictions({ count: 120, classes: 4, sharpness: 3, name: 'b' });
    const { a, b, difference, lower, pValue } = bootstrapDifference(better, model, 'auc', {
      resamples: 500,
    });
    expectClose(difference, a! - b!);
    expect(lower).toBeGreaterThan(0);
    expect(pValue).toBeCloseTo(2 / 501, 12);
  });

  it('rejects models on different samples', () => {
    const other = { ...model, ids: model.ids.map((id, i) => (i === 3 ? 'elsewhere.png' : id)) };
    expect(() => bootstrapDifference(model, other, 'auc')).toThrow(
      /"elsewhere.png" is not in[\s\S]*"image-3.png" of predictions 1 is missing/,
    );
  });

  it('rejects models that disagree on the true classes', () => {
    const other = {
      ...model,
      labels: model.labels.map((label, i) => (i === 5 ? (label + 1) % 4 : label)),
    };
    expect(() => bootstrapDifference(model, other, 'auc')).toThrow(InputError);
    expect(() =>
      bootstrapDifference(model, { ...model, classes: ['a', 'b', 'c', 'd'] }, 'auc'),
    ).toThrow('classes are a, b, c, d');
  });
});

describe('rocBand', () => {
  it('is exact for two samples of each class', () => {
    // From the top: positive, negative, positive, negative. The weights of a class are 2 and 0, 1 and 1, or 0 and 2 with
    // probability 1/4, 1/2 and 1/4. At rate 0 a resample without the upper negative has 1 (1/4), one with it and without
    // the upper positive has 0 (3/16); at rate 1/2 the upper negative twice and the upper positive never gives 0 (1/16).
    expect(rocBand([0, 1, 0, 1], [1, 2, 3, 4], { points: 3 })).toEqual([
      { x: 0, estimate: 0.5, lower: 0, upper: 1 },
      { x: 0.5, estimate: 1, lower: 0, upper: 1 },
      { x: 1, estimate: 1, lower: 1, upper: 1 },
    ]);
  });

  it('has the area of the AUC', () => {
    const labels = model.labels.map((label) => (label === 1 ? 1 : 0));
    const scores = Array.from(labels, (_, i) => model.probabilities[i * 4 + 1]);
    const band = rocBand(labels, scores, { resamples: 200, points: 2001 })!;
    const area = band
      .slice(1)
      .reduce(
        (sum, { x, estimate }, i) => sum + ((x - band[i].x) * (estimate + band[i].estimate)) / 2,
        0,
      );
    expect(area).toBeCloseTo(binaryAuc(labels, scores)!, 3);
    for (const { lower, upper } of band) expect(lower).toBeLessThanOrEqual(upper);
  });

  it('returns null when one of the classes is absent', () => {
    expect(rocBand([1, 1], [1, 2])).toBeNull();
    expect(rocBand([0, 0], [1, 2])).toBeNull();
  });

  it('rejects fewer than two points', () => {
    expect(() => rocBand([0, 1], [1, 2], { points: 1 })).toThrow('got 1');
  });
});

describe('precisionRecallBand', () => {
  it('falls to the prevalence when the lowest score is a positive', () => {
    // From the top: positive (precision 1), negative, negative, positive (recall 1, precision 2/4).
    const band = precisionRecallBand([1, 0, 1, 0], [1, 2, 4, 3], { points: 3 })!;
    expect(band.map(({ x }) => x)).toEqual([0, 0.5, 1]);
    expect(band.map(({ estimate }) => estimate)).toEqual([1, 1, 0.5]);
    // A resample with only the lower positive has precision 2/4 throughout, one with only the upper has 2/2.
    expect(band[2].lower).toBe(0.5);
    expect(band[2].upper).toBe(1);
  });

  it('has 101 points by default', () => {
    expect(precisionRecallBand([0, 0, 1, 1], [1, 2, 3, 4], { resamples: 10 })).toHaveLength(101);
  });

  it('returns null without positives', () => {
    expect(precisionRecallBand([0], [1])).toBeNull();
  });
});

describe.skipIf(!slow)('coverage (NONLOCAL_MED_SLOW=1)', () => {
  it.each(['percentile', 'bca'] as const)(
    'of 95 %% intervals of the macro AUC is near 95 %% (%s)',
    (method) => {
      const truth = rocAuc(...largeSample());
      const experiments = 600;
      let covered = 0;
      for (let seed = 0; seed < experiments; seed++) {
        const { lower, upper } = bootstrapInterval(
          randomPredictions({ count: 150, classes: 3, seed: seed + 1, name: 'coverage' }),
          'auc',
          { method, resamples: 500, seed },
        );
        if (lower! <= truth! && truth! <= upper!) covered++;
      }
      expect(covered / experiments).toBeGreaterThan(0.915);
      expect(covered / experiments).toBeLessThan(0.975);
    },
  );

  function largeSample(): [Int32Array, Float64Array] {
    const { labels, probabilities } = randomPredictions({
      count: 400_000,
      classes: 3,
      seed: 0,
      name: 'coverage',
    });
    return [labels, probabilities];
  }
});
