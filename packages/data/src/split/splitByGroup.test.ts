import { createRandom, InputError, type Sample } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { createAllocation } from './allocation.js';
import { type Split, summarizeSplit } from './split.js';
import { groupSamples, splitByGroup } from './splitByGroup.js';
import { integerTargets } from './splitTargets.js';

/** Images of `counts` per class, each without a group. */
const single = (counts: readonly number[]): Sample[] =>
  counts.flatMap((count, label) =>
    Array.from({ length: count }, (_, i) => ({ id: `${label}/${i}`, label })),
  );

/** Groups of random sizes, some of which hold two classes. */
function randomSamples(seed: number): { samples: Sample[]; classes: number } {
  const random = createRandom(seed, 'test');
  const classes = 2 + random.integer(4);
  const groups = classes * (8 + random.integer(40));
  const samples = Array.from({ length: groups }, (_, group) => {
    const main = group % classes;
    const mixed = random.chance(0.2);
    return Array.from({ length: 1 + random.integer(5) }, (_, i) => ({
      id: `${group}-${i}`,
      group: `patient ${group}`,
      label: mixed && random.chance(0.5) ? random.integer(classes) : main,
    }));
  }).flat();
  return { samples, classes };
}

const ids = (samples: readonly Sample[]): string[] => samples.map(({ id }) => id);
const whole = ({ train, validation, test }: Split): Sample[] => [...train, ...validation, ...test];
const countsOf = (samples: readonly Sample[], classes: number): number[] =>
  samples.reduce(
    (counts, { label }) => counts.with(label, counts[label] + 1),
    new Array<number>(classes).fill(0),
  );

describe('splitByGroup', () => {
  it('makes the 90/10 split of the paper (spec 8.3, counts of MESSIDOR and COVID-19)', () => {
    const messidor = summarizeSplit(
      splitByGroup(single([546, 153, 247, 254]), { validation: 0 }),
      4,
    );
    expect(messidor.test).toEqual({ images: 120, groups: 120, classCounts: [55, 15, 25, 25] });
    expect(messidor.validation.images).toBe(0);
    const covid = summarizeSplit(
      splitByGroup(single([219, 1341, 1345]), { validation: 0 }),
      3,
    ).test;
    expect(covid.classCounts).toEqual([22, 134, 135]);
  });

  it.each(Array.from({ length: 40 }, (_, seed) => [seed]))(
    'keeps every group in one set, every sample once, every class in each set (random data %i)',
    (seed) => {
      const { samples, classes } = randomSamples(seed);
      const split = splitByGroup(samples, { seed });
      expect(ids(whole(split)).sort()).toEqual(ids(samples).sort());
      const groupsOfSets = Object.values(split).map(
        (set: Sample[]) => new Set(set.map(({ group }) => group)),
      );
      for (const [i, a] of groupsOfSets.entries())
        for (const b of groupsOfSets.slice(i + 1))
          expect([...a].filter((group) => b.has(group))).toEqual([]);
      for (const set of Object.values(split) as Sample[][]) {
        expect(countsOf(set, classes)).not.toContain(0);
        expect(ids(set)).toEqual(ids(samples.filter((sample) => set.includes(sample))));
      }
      // The largest group bounds how close a class can get; half of it is what exchanging groups achieves here.
      const targets = integerTargets(countsOf(samples, classes), 0.1);
      const largest = Math.max(
        ...groupSamples(samples, classes).map((group) => group.samples.length),
      );
      countsOf(split.test, classes).forEach((count, label) =>
        expect(Math.abs(count - targets[label])).toBeLessThanOrEqual(largest / 2),
      );
    },
  );

  it('comes as close to the targets as any split can (exhaustive search over small data sets)', () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = createRandom(seed, 'small');
      const samples = Array.from({ length: 11 }, (_, group) =>
        Array.from({ length: 1 + random.integer(4) }, (_, i) => ({
          id: `${group}-${i}`,
          group: String(group),
          label: group % 2,
        })),
      ).flat();
      const groups = groupSamples(samples, 2);
      const totals = countsOf(samples, 2);
      const targets = integerTargets(totals, 0.3);
      const costOf = (test: readonly number[]): number =>
        test.some((count, label) => count === 0 || count === totals[label])
          ? Infinity
          : test.reduce(
              (sum, count, label) =>
                sum +
                (count - targets[label]) ** 2 *
                  (1 / targets[label] + 1 / (totals[label] - targets[label])),
              0,
            );
      let best = Infinity;
      for (let mask = 0; mask < 2 ** groups.length; mask++)
        best = Math.min(
          best,
          costOf(
            countsOf(
              groups.filter((_, i) => mask & (1 << i)).flatMap((group) => group.samples),
              2,
            ),
          ),
        );
      const cost = costOf(
        countsOf(splitByGroup(samples, { test: 0.3, validation: 0, seed }).test, 2),
      );
      expect(cost, `seed ${seed}`).toBeCloseTo(best, 9);
    }
  });

  it('is reproducible, differs between seeds and repeats, and keeps the test set when the validation fraction changes', () => {
    const { samples } = randomSamples(99);
    const of = (options: Parameters<typeof splitByGroup>[1]): string =>
      ids(splitByGroup(samples, options).test).join();
    expect(of({ seed: 1 })).toBe(of({ seed: 1 }));
    expect(
      new Set([
        of({ seed: 1 }),
        of({ seed: 2 }),
        of({ seed: 1, repeat: 1 }),
        of({ seed: 1, repeat: 2 }),
      ]).size,
    ).toBe(4);
    expect(of({ seed: 1, validation: 0 })).toBe(of({ seed: 1, validation: 0.2 }));
  });

  it('puts each group, even a large one, into the test set with about its share of probability', () => {
    const samples = Array.from({ length: 60 }, (_, group) =>
      Array.from({ length: group % 6 === 0 ? 6 : 1 }, (_, i) => ({
        id: `${group}-${i}`,
        group: String(group),
        label: group % 2,
      })),
    ).flat();
    let largeTested = 0;
    for (let repeat = 0; repeat < 200; repeat++)
      largeTested += new Set(
        splitByGroup(samples, { repeat, test: 0.2 })
          .test.filter(({ group }) => Number(group) % 6 === 0)
          .map(({ group }) => group),
      ).size;
    expect(largeTested / 200 / 10).toBeGreaterThan(0.1);
    expect(largeTested / 200 / 10).toBeLessThan(0.3);
  });

  it('tests each sample exactly once over the folds, with class counts that differ by at most one', () => {
    const samples = single([23, 41, 9]);
    const splits = Array.from({ length: 5 }, (_, repeat) =>
      splitByGroup(samples, { folds: 5, repeat }),
    );
    expect(ids(splits.flatMap(({ test }) => test)).sort()).toEqual(ids(samples).sort());
    const counts = splits.map(({ test }) => countsOf(test, 3));
    for (const label of [0, 1, 2])
      expect(
        Math.max(...counts.map((row) => row[label])) - Math.min(...counts.map((row) => row[label])),
      ).toBeLessThanOrEqual(1);
    const sizes = splits.map(({ test }) => test.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(ids(splitByGroup(samples, { folds: 5, repeat: 5 }).test)).not.toEqual(
      ids(splits[0].test),
    );
  });

  it('splits 40,000 images of 13,334 patients within one image of 4,000, in eight kinds of patients', () => {
    const samples = Array.from({ length: 40_000 }, (_, i) => ({
      id: String(i),
      group: `p${Math.floor(i / 3)}`,
      label: [0, 0, 0, 0, 1, 1, 2, 3][i % 8],
    }));
    const { test } = splitByGroup(samples);
    expect(Math.abs(test.length - 4000)).toBeLessThanOrEqual(1);
    // The search moves kinds of groups, so its work does not grow with the number of patients.
    const counts = groupSamples(samples, 4).map((group) => group.counts);
    expect(createAllocation(counts, [[2000, 1000, 500, 500]]).kinds).toHaveLength(8);
  });

  it('reports which class is too small, with its counts', () => {
    const samples = [
      ...single([20, 20]),
      { id: 'a', label: 2, group: 'p' },
      { id: 'b', label: 2, group: 'p' },
      { id: 'c', label: 2, group: 'p' },
    ];
    expect(() => splitByGroup(samples, { classes: ['none', 'mild', 'severe'] })).toThrow(
      'split: class "severe" has 3 images in 1 group, too few to be in train, validation, test (it needs 3 groups; remove the class, merge it with another one, or split into fewer sets)',
    );
    expect(() => splitByGroup(single([20, 3]), { folds: 4 })).toThrow(
      'class "1" has 3 images in 3 groups, too few to be in each of 4 folds',
    );
    expect(() => splitByGroup([])).toThrow('there are no samples to split');
    expect(() => splitByGroup(single([4, 4]), { test: 2, folds: 1 })).toThrow(InputError);
    expect(() => splitByGroup(single([4, 4]), { test: 2, folds: 1 })).toThrow(
      /split\.test: .*got 2[\s\S]*split\.folds: .*got 1/,
    );
  });

  it('reports which class is missing if mixed groups allow no split', () => {
    // Two sets: class 0 forces a and b apart, class 1 a and c, class 2 b and c.
    const samples = ['a0', 'b0', 'a1', 'c1', 'b2', 'c2'].map((id) => ({
      id,
      group: id[0],
      label: Number(id[1]),
    }));
    expect(() => splitByGroup(samples, { test: 0.4, validation: 0 })).toThrow(
      /^split: class "\d" is missing from the (training|test) set \(train \d, test \d\) \(its groups are too few or too large for these fractions; try another seed or larger fractions\)$/,
    );
  });
});
