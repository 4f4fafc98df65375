import { readFileSync } from 'node:fs';
import { createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../dataset/openDataset.js';
import { makeTree } from '../testing/imageTree.js';
import { iterativeStratification } from './iterativeStratification.js';
import type { Split } from './split.js';
import { type FindingSample, splitByFindings } from './splitByFindings.js';
import { splitDataset } from './splitDataset.js';

/** How evenly a division is: see {@link measure}. */
interface Measures {
  readonly labels: number;
  readonly pairs: number;
  readonly sizes: number;
}

/** Labels like ChestX-ray14's and what scikit-multilearn makes of them, from test/golden/make_stratification.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/stratification.json', import.meta.url), 'utf8'),
) as { findings: string[]; present: number[][]; holdout: Measures[]; folds: Measures[] };

const samples: FindingSample[] = golden.present.map((present, i) => ({
  id: `${i}.png`,
  findings: golden.findings.map((_, f) => (present.includes(f) ? 1 : 0)),
}));

/** Label and label pair distribution (LD and LPD) and the distance from the desired sizes, as scikit-multilearn's `measures`. */
function measure(
  parts: readonly (readonly FindingSample[])[],
  fractions: readonly number[],
): Measures {
  const all = parts.flat();
  const width = all[0].findings.length;
  const has = (set: readonly FindingSample[], [a, b]: readonly [number, number]): number =>
    set.filter(({ findings }) => findings[a] === 1 && findings[b] === 1).length;
  const odds = (set: readonly FindingSample[], pair: readonly [number, number]): number =>
    has(set, pair) / (set.length - has(set, pair));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const distribution = (pairs: readonly (readonly [number, number])[]): number =>
    mean(
      pairs
        .filter((pair) => has(all, pair) > 0)
        .map((pair) => mean(parts.map((part) => Math.abs(odds(part, pair) - odds(all, pair))))),
    );
  const singles = Array.from({ length: width }, (_, f) => [f, f] as const);
  const pairs = singles.flatMap(([a]) => singles.slice(a).map(([b]) => [a, b] as const));
  return {
    labels: distribution(singles),
    pairs: distribution(pairs),
    sizes: mean(parts.map((part, i) => Math.abs(part.length - fractions[i] * all.length))),
  };
}

const worst = (all: readonly Measures[], name: keyof Measures): number =>
  Math.max(...all.map((found) => found[name]));
const best = (all: readonly Measures[], name: keyof Measures): number =>
  Math.min(...all.map((found) => found[name]));

const HOLDOUT = [0.2, 0.8];
const FOLDS = [0.2, 0.2, 0.2, 0.2, 0.2];
/** Two sums in another order. */
const ROUNDING = 1e-12;

/** Patients of 1 to 6 images; their findings repeat from image to image. */
function patients(count: number): FindingSample[] {
  const random = createRandom(5, 'patients');
  return Array.from({ length: count }, (_, patient) => {
    const likely = [0.25, 0.12, 0.03].map((share) => random.chance(share));
    return Array.from({ length: 1 + random.integer(6) }, (_, i) => ({
      id: `${patient}-${i}`,
      group: `patient ${patient}`,
      findings: likely.map((is) => (random.chance(0.1) ? -1 : is && random.chance(0.8) ? 1 : 0)),
    }));
  }).flat();
}

const ids = (set: readonly FindingSample[]): string[] => set.map(({ id }) => id);
const whole = ({ train, validation, test }: Split<FindingSample>): FindingSample[] => [
  ...train,
  ...validation,
  ...test,
];
const share = (set: readonly FindingSample[], finding: number): number =>
  set.filter(({ findings }) => findings[finding] === 1).length / set.length;

describe('splitByFindings', () => {
  it.each([0, 1, 2])(
    'is at least as even as scikit-multilearn at its best, on labels and on pairs (seed %i)',
    (seed) => {
      const { split } = splitByFindings(samples, { test: 0.2, validation: 0, seed });
      const holdout = measure([split.test, split.train], HOLDOUT);
      const folds = measure(
        FOLDS.map(
          (_, repeat) =>
            splitByFindings(samples, { folds: 5, repeat, validation: 0, seed }).split.test,
        ),
        FOLDS,
      );
      for (const [ours, theirs] of [
        [holdout, golden.holdout],
        [folds, golden.folds],
      ] as const) {
        expect(ours.labels).toBeLessThanOrEqual(best(theirs, 'labels') + ROUNDING);
        expect(ours.pairs).toBeLessThan(best(theirs, 'pairs'));
        expect(ours.sizes).toBe(0);
      }
    },
    600_000,
  );

  it('is far more even than a division at random', () => {
    const shuffled = createRandom(0).shuffle([...samples]);
    const chance = measure([shuffled.slice(0, 400), shuffled.slice(400)], HOLDOUT);
    expect(best(golden.holdout, 'labels')).toBeLessThan(chance.labels / 5);
  });

  it('keeps patients together, every sample once, and the share of each finding', () => {
    const all = patients(600);
    const { split, notes } = splitByFindings(all, { test: 0.2, validation: 0.25, seed: 3 });
    expect(notes).toEqual([]);
    expect(ids(whole(split)).sort()).toEqual(ids(all).sort());
    const setsOf = new Map<string | undefined, Set<string>>();
    for (const [name, set] of Object.entries(split) as [string, readonly FindingSample[]][])
      for (const { group } of set) setsOf.set(group, (setsOf.get(group) ?? new Set()).add(name));
    expect([...setsOf.values()].filter((sets) => sets.size > 1)).toEqual([]);
    expect(Math.abs(split.test.length - 0.2 * all.length)).toBeLessThanOrEqual(2);
    expect(Math.abs(split.validation.length - 0.2 * all.length)).toBeLessThanOrEqual(2);
    for (const set of [split.train, split.validation, split.test])
      [0, 1, 2].forEach((f) => expect(Math.abs(share(set, f) - share(all, f))).toBeLessThan(0.004));
  });

  it('depends on the samples and the seed alone, and the test set not on the validation fraction', () => {
    const all = patients(100);
    const split = (seed: number, validation = 0.1): Split<FindingSample> =>
      splitByFindings(all, { test: 0.2, validation, seed }).split;
    expect(split(1)).toEqual(split(1));
    expect(ids(split(1).test)).not.toEqual(ids(split(2).test));
    expect(ids(split(1, 0.3).test)).toEqual(ids(split(1).test));
  });

  it('names the findings that a set lacks', () => {
    const all = Array.from({ length: 20 }, (_, i) => ({
      id: `${i}`,
      findings: [i % 2, i === 7 ? 1 : 0, -1],
    }));
    const { split, notes } = splitByFindings(all, {
      test: 0.2,
      validation: 0,
      findings: ['mass', 'hernia', 'edema'],
    });
    expect(split.test).toHaveLength(4);
    expect(notes).toEqual([
      'The training set has no image with "edema": too few images or patients have it for these fractions.',
      'The test set has no image with "hernia", "edema": too few images or patients have them for these fractions.',
    ]);
  });

  it('refuses labels that cannot be used, with the sample, the finding and the value', () => {
    expect(() => splitByFindings([])).toThrow('no samples to split');
    const bad = [
      { id: 'a', findings: [1, 0.5] },
      { id: 'b', findings: [1] },
    ];
    expect(() => splitByFindings(bad, { findings: ['mass', 'edema'] })).toThrow(
      /sample "a": the label of "edema" is 0.5 .*\n.*sample "b": has 1 finding, expected 2/,
    );
  });
});

describe('iterativeStratification', () => {
  const units = {
    sizes: samples.map(() => 1),
    positives: samples.map(({ findings }) => Array.from(findings)),
  };

  it.each([0, 1, 2])('alone equals scikit-multilearn of order 1 on labels (seed %i)', (seed) => {
    const parts = iterativeStratification(units, FOLDS, createRandom(seed));
    const found = measure(
      FOLDS.map((_, j) => samples.filter((__, i) => parts[i] === j)),
      FOLDS,
    );
    expect(found.labels).toBeLessThanOrEqual(best(golden.folds, 'labels') + ROUNDING);
    expect(found.pairs).toBeLessThanOrEqual(worst(golden.folds, 'pairs'));
  });

  it('gives the rarest finding first, and fills the sizes with what has none', () => {
    const parts = iterativeStratification(
      {
        sizes: [1, 1, 1, 1, 1, 1, 1, 1],
        positives: [
          [1, 1],
          [1, 1],
          [1, 0],
          [1, 0],
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      },
      [0.5, 0.5],
      createRandom(0),
    );
    const sum = (from: number, to: number): number =>
      parts.slice(from, to).reduce((total, part) => total + part, 0);
    expect([sum(0, 2), sum(2, 4), sum(4, 8)]).toEqual([1, 1, 2]);
  });
});

describe('a data set with several findings', () => {
  it('is split at least as evenly as scikit-multilearn does, from the manifest on', async () => {
    const { findings, present } = golden;
    const cells = present.map((found) => found.map((f) => findings[f]).join('|') || 'No Finding');
    const rows = cells.map((cell, i) => `${i}.png,${cell}`);
    // Small, and no two alike.
    const image = (i: number): readonly [string, { seed: number; width: number; height: number }] =>
      [`images/${i}.png`, { seed: i, width: 4, height: 4 }] as const;
    const path = await makeTree({
      ...Object.fromEntries(present.map((_, i) => image(i))),
      'labels.csv': ['file,labels', ...rows].join('\n'),
    });
    const dataset = await openDataset({
      path,
      labelColumn: 'labels',
      findings: [...findings],
      workers: 0,
      cacheFolder: null,
    });
    const { train, test } = splitDataset(dataset, { test: 0.2, validation: 0, seed: 1 }).split;
    const parts = [test, train].map((part) =>
      part.map(({ id, findings: labels = [] }) => ({ id, findings: labels })),
    );
    const found = measure(parts, HOLDOUT);
    expect(found.sizes).toBe(0);
    expect(found.labels).toBeLessThanOrEqual(best(golden.holdout, 'labels') + ROUNDING);
    expect(found.pairs).toBeLessThanOrEqual(best(golden.holdout, 'pairs') + ROUNDING);
  }, 600_000);
});
