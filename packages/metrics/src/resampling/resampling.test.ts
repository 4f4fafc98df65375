import { InputError, type Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { binaryAuc } from '../ranking/binaryAuc.js';
import { rocAuc } from '../ranking/rocAuc.js';
import type { Metric } from '../sample/weighting.js';
import { expectClose } from '../testing/expectClose.js';
import { golden } from '../testing/golden.js';
import { randomPredictions } from '../testing/randomPredictions.js';
import { bootstrap, resamplingUnits } from './bootstrap.js';
import { bootstrapDifference } from './bootstrapDifference.js';
import { bootstrapInterval } from './bootstrapInterval.js';
import { precisionRecallBand, rocBand } from './curveBands.js';
import { acceleration, summarizeReplicates } from './replicateInterval.js';

const slow = process.env.NONLOCAL_MED_SLOW === '1';
const model = randomPredictions({ count: 120, classes: 4 });

describe('intervals from given replicates, as scipy.stats.bootstrap', () => {
  const { bca } = golden();
  const replicates = Float64Array.from(bca.replicates);
  const strata = [
    Int32Array.from({ length: bca.strata[0] }, (_, i) => i),
    Int32Array.from({ length: bca.strata[1] }, (_, i) => bca.strata[0] + i),
  ];
  it('percentile', () => {
    const { lower, upper, standardError } = summarizeReplicates(bca.estimate, replicates);
    [lower, upper].forEach((value, i) => expectClose(value, bca.percentile[i]));
    expectClose(standardError, bca.standardError);
  });
  it('bias-corrected and accelerated', () => {
    const { lower, upper } = summarizeReplicates(bca.estimate, replicates, {
      method: 'bca',
      acceleration: acceleration(Float64Array.from(bca.leaveOneOut), strata),
    });
    [lower, upper].forEach((value, i) => expectClose(value, bca.bca[i]));
  });
});

describe('resamples', () => {
  it('keep the size of every class', () => {
    const sizes = bootstrap(
      (weights) =>
        [0, 1, 2, 3].map((c) =>
          weights.reduce((sum, weight, i) => sum + (model.labels[i] === c ? weight : 0), 0),
        ),
      resamplingUnits(model.labels),
      { resamples: 50 },
    );
    sizes.forEach((values, c) =>
      expect(new Set(values)).toEqual(
        new Set([model.labels.filter((label) => label === c).length]),
      ),
    );
  });

  it('draw each sample as often as the others', () => {
    const total = new Float64Array(12);
    bootstrap(
      (weights) => {
        weights.forEach((weight, i) => (total[i] += weight));
        return [];
      },
      resamplingUnits([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]),
      { resamples: 20_000 },
    );
    for (const count of total) expect(Math.abs(count / 20_000 - 1)).toBeLessThan(0.03); // deviation of the mean: below 0.007
  });

  it('draw whole groups when there are groups', () => {
    const groups = ['p1', 'p2', 'p1', 'p3', 'p2', 'p2'];
    bootstrap(
      (weights) => {
        expect([
          weights[0] === weights[2],
          weights[1] === weights[4],
          weights[4] === weights[5],
          weights[0] + weights[1] + weights[3],
        ]).toEqual([true, true, true, 3]);
        return [];
      },
      resamplingUnits([0, 0, 1, 1, 0, 1], groups),
      { resamples: 50 },
    );
  });

  it('repeat with the seed, and only with it', () => {
    const lower = (seed: number): number | null =>
      bootstrapInterval(model, 'auc', { seed, resamples: 100 }).lower;
    expect(lower(1)).toBe(lower(1));
    expect(lower(1)).not.toBe(lower(2));
  });
});

describe('bootstrapInterval', () => {
  it('surrounds the estimate', () => {
    for (const method of ['percentile', 'bca'] as const) {
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
    }
  });

  it('averages models that share a split, matched by id', () => {
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
    const widths = [both, bootstrapInterval(model, 'auc', { resamples: 200 })].map(
      ({ lower, upper }) => upper! - lower!,
    );
    expect(widths[0]).toBeLessThan(widths[1]);
  });

  it("takes a metric of the caller's own", () => {
    const confidence: Metric =
      ({ probabilities, predicted, classes }) =>
      ({ weights }) =>
        weights.reduce(
          (sum, weight, i) => sum + weight * probabilities[i * classes + predicted[i]],
          0,
        ) / 120;
    expect(bootstrapInterval(model, confidence, { resamples: 50 }).estimate).toBeGreaterThan(0.25);
  });

  it('says why there is none', () => {
    const oneClass = { ...model, labels: new Int32Array(120).fill(2) };
    expect(bootstrapInterval(oneClass, 'auc')).toMatchObject({
      estimate: null,
      lower: null,
      upper: null,
      undefinedBecause: 'the metric is not defined on these samples',
    });
    const two = randomPredictions({ count: 4, classes: 2 });
    const split = bootstrapInterval({ ...two, labels: Int32Array.of(0, 0, 1, 1) }, 'auc', {
      groups: ['a', 'a', 'b', 'b'],
      resamples: 200,
    }); // half of the draws take one group twice
    expect(split.undefinedResamples).toBeGreaterThan(60);
    expect(split).toMatchObject({
      lower: null,
      upper: null,
      undefinedBecause: expect.stringMatching(/not defined on \d+ of 200 resamples/),
    });
    const rare: Metric =
      () =>
      ({ weights }) =>
        weights[0] > 0 ? 1 : null;
    expect(bootstrapInterval(model, rare, { resamples: 200 }).undefinedBecause).toMatch(
      /not defined on \d+ of 200 resamples/,
    );
  });

  it('names what it cannot use', () => {
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

describe('bootstrapDifference', () => {
  it('is nothing between a model and itself', () => {
    expect(bootstrapDifference(model, model, 'auc', { resamples: 100 })).toMatchObject({
      difference: 0,
      lower: 0,
      upper: 0,
      pValue: 1,
    });
  });

  it('finds a model that is better', () => {
    const better = randomPredictions({ count: 120, classes: 4, sharpness: 3, name: 'b' });
    const { a, b, difference, lower, pValue } = bootstrapDifference(better, model, 'auc', {
      resamples: 500,
    });
    expectClose(difference, a! - b!);
    expect(lower).toBeGreaterThan(0);
    expect(pValue).toBeCloseTo(2 / 501, 12);
  });

  it('needs the same samples with the same truth', () => {
    const other = { ...model, ids: model.ids.map((id, i) => (i === 3 ? 'elsewhere.png' : id)) };
    expect(() => bootstrapDifference(model, other, 'auc')).toThrow(
      /"elsewhere.png" is not in[\s\S]*"image-3.png" of predictions 1 is missing/,
    );
    expect(() =>
      bootstrapDifference(
        model,
        { ...model, labels: model.labels.map((label, i) => (i === 5 ? (label + 1) % 4 : label)) },
        'auc',
      ),
    ).toThrow(InputError);
    expect(() =>
      bootstrapDifference(model, { ...model, classes: ['a', 'b', 'c', 'd'] }, 'auc'),
    ).toThrow('classes are a, b, c, d');
  });
});

describe('speed', () => {
  // Measured: 0.06 s for 120 and 0.5 s for 2000 samples on one core; the bound catches a sort within the loop.
  it.each([120, 2000])('2000 resamples of a macro AUC over %i samples and 4 classes', (count) => {
    const predictions = randomPredictions({ count, classes: 4 });
    const start = performance.now();
    bootstrapInterval(predictions, 'auc', { resamples: 2000 });
    const seconds = (performance.now() - start) / 1000;
    console.log(`${count} samples: ${seconds.toFixed(2)} s`);
    expect(seconds).toBeLessThan(4);
  });
});

describe('bands around curves', () => {
  const labels = model.labels.map((label) => (label === 1 ? 1 : 0));
  const scores = Array.from(labels, (_, i) => model.probabilities[i * 4 + 1]);
  it('ROC: the area under the estimate is the AUC, the band surrounds it', () => {
    const band = rocBand(labels, scores, { resamples: 200, points: 2001 })!;
    const area = band
      .slice(1)
      .reduce(
        (sum, { x, estimate }, i) => sum + ((x - band[i].x) * (estimate + band[i].estimate)) / 2,
        0,
      );
    expect(area).toBeCloseTo(binaryAuc(labels, scores)!, 3);
    expect(
      band.every(
        ({ lower, estimate, upper }) =>
          lower <= estimate + 0.05 && estimate <= upper + 0.05 && lower <= upper,
      ),
    ).toBe(true);
    expect(band.at(-1)).toEqual({ x: 1, estimate: 1, lower: 1, upper: 1 });
  });
  it('precision and recall: ends at the prevalence', () => {
    const band = precisionRecallBand(labels, scores, { resamples: 200 })!;
    expect(band).toHaveLength(101);
    const prevalence = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    expect(band.at(-1)!.estimate).toBeGreaterThanOrEqual(prevalence);
    expect(band[0].x).toBe(0);
  });
  it('are null where the curve is', () => {
    expect([rocBand([1, 1], [1, 2]), precisionRecallBand([0], [1])]).toEqual([null, null]);
    expect(() => rocBand([0, 1], [1, 2], { points: 1 })).toThrow('got 1');
  });
});

describe.skipIf(!slow)('coverage (NONLOCAL_MED_SLOW=1)', () => {
  it.each(['percentile', 'bca'] as const)(
    '%s intervals at 95 percent of the macro AUC hold its true value about as often as they say',
    (method) => {
      const truth = rocAuc(...largeSample());
      const draws = 600;
      let held = 0;
      for (let seed = 0; seed < draws; seed++) {
        const { lower, upper } = bootstrapInterval(
          randomPredictions({ count: 150, classes: 3, seed: seed + 1, name: 'coverage' }),
          'auc',
          { method, resamples: 500, seed },
        );
        if (lower! <= truth! && truth! <= upper!) held++;
      }
      console.log(`${method}: ${held / draws}`);
      expect(held / draws).toBeGreaterThan(0.915);
      expect(held / draws).toBeLessThan(0.975);
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
