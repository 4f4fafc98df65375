import { createRandom, type Sample } from '@nonlocal-med/core';
import type { ImageFacts } from '@nonlocal-med/data';
import { describe, expect, it } from 'vitest';
import { findShortcuts, type Shortcuts } from './findShortcuts.js';

type FactSample = Sample & { readonly facts: ImageFacts };

/** Images with facts that vary by chance in the same way in every class, before `change`. */
function samplesOf(
  { seed, images, classes }: { seed: number; images: number; classes: number },
  change: (
    label: number,
    chance: () => number,
  ) => Partial<ImageFacts> & { group?: string } = () => ({}),
): FactSample[] {
  const random = createRandom(seed, 'facts');
  const chance = (): number => random.uniform();
  return Array.from({ length: images }, (_, index) => {
    const label = index % classes;
    const facts: ImageFacts = {
      hash: String(index),
      perceptual: '0'.repeat(64),
      bytes: Math.round(20_000 + 30_000 * chance()),
      width: [512, 512, 640, 800][random.integer(4)],
      height: [512, 600][random.integer(2)],
      color: random.chance(0.3) ? 'rgb' : 'grey',
      depth: 8,
      format: random.chance(0.5) ? 'jpeg' : 'png',
      border: { mean: 100 * chance(), standardDeviation: 40 * chance(), black: chance() },
    };
    const { group, ...changed } = change(label, chance);
    return { id: `${index}`, label, group, facts: { ...facts, ...changed } };
  });
}

const names = ['a', 'b', 'c', 'd', 'e'];
const find = (samples: readonly FactSample[], classes: number): Shortcuts | undefined =>
  findShortcuts({ samples, classes: names.slice(0, classes) });

describe('findShortcuts', () => {
  it.each([
    // One class exactly 512 x 512 between smaller and larger ones: no limit on one number tells it.
    [
      'image size',
      (label: number, chance: () => number) =>
        label === 0
          ? { width: 512, height: 512 }
          : { width: 400 + Math.round(300 * chance()), height: 512 },
    ],
    [
      'aspect',
      (label: number, chance: () => number) => {
        const height = 300 + Math.round(500 * chance());
        return { height, width: Math.round(height * (label === 0 ? 1.2 : 1)) };
      },
    ],
    ['bit depth', (label: number) => ({ depth: label === 0 ? 16 : 8 })],
    ['file type', (label: number) => ({ format: label === 0 ? 'tiff' : 'png' })],
    [
      'file size',
      (label: number, chance: () => number) => ({
        bytes: Math.round((label === 0 ? 60_000 : 20_000) + 30_000 * chance()),
      }),
    ],
    ['color', (label: number) => ({ color: label === 0 ? ('rgb' as const) : ('grey' as const) })],
    [
      'border',
      (label: number, chance: () => number) => ({
        border: { mean: 50 * chance(), standardDeviation: 20, black: label === 0 ? 0 : 0.4 },
      }),
    ],
  ])('finds a class that differs in %s, and names the fact', (fact, change) => {
    const { classes, message } = find(samplesOf({ seed: 1, images: 180, classes: 3 }, change), 3)!;
    expect(classes[0]).toMatchObject({ name: 'a', fact, warning: true });
    expect(classes[0].auc).toBeGreaterThan(0.95);
    expect(classes[0].factAuc).toBeGreaterThan(0.95);
    const { auc, lower, upper } = classes[0];
    expect(lower === null).toBe(auc === 1);
    expect(lower ?? auc).toBeLessThanOrEqual(auc);
    expect(upper ?? auc).toBeGreaterThanOrEqual(auc);
    expect(classes.slice(1).map(({ warning }) => warning)).toEqual([false, false]);
    expect(message).toContain(`"a" from "b", "c" with AUC ${classes[0].auc.toFixed(2)}`);
    expect(message).toContain(`by ${fact} alone ${classes[0].factAuc.toFixed(2)}`);
    expect(message).not.toContain('"b" from');
  });

  it('compares the classes that remain with each other, in one sentence', () => {
    const { classes, message } = find(
      samplesOf({ seed: 1, images: 180, classes: 3 }, (label) => ({
        depth: label === 0 ? 16 : 8,
        color: label === 1 ? 'rgb' : 'grey',
      })),
      3,
    )!;
    expect(classes.map(({ against, auc }) => [against.length, auc])).toEqual([
      [2, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(message.match(/ from "[^;.]+/g)).toEqual([
      expect.stringContaining('"b", "c"'),
      expect.stringContaining('"c" with'),
    ]);
  });

  it('warns of none of 60 data sets whose facts do not depend on the class', () => {
    const warned: number[] = [];
    const sums = { auc: 0, count: 0 };
    for (let seed = 0; seed < 60; seed++) {
      const classes = 2 + (seed % 3);
      const found = find(samplesOf({ seed, images: [40, 100, 300][seed % 3], classes }), classes)!;
      if (found.classes.some(({ warning }) => warning)) warned.push(seed);
      for (const { auc } of found.classes) {
        sums.auc += auc;
        sums.count++;
      }
    }
    expect(warned).toEqual([]);
    expect(Math.abs(sums.auc / sums.count - 0.5)).toBeLessThan(0.03);
  });

  it('does not deny a difference whose interval excludes chance, although it is no warning', () => {
    const seen = new Set<boolean>();
    for (let strength = 0; strength < 10; strength++) {
      const change = (label: number, chance: () => number): Partial<ImageFacts> => ({
        bytes: Math.round(20_000 + (label === 0 ? 2000 * strength : 0) + 30_000 * chance()),
      });
      const options = { seed: strength, images: 60, classes: 2 };
      const { classes, message } = find(samplesOf(options, change), 2)!;
      if (classes.some(({ warning }) => warning)) continue;
      const best = classes.reduce((most, next) => (next.auc > most.auc ? next : most));
      const differs = best.lower !== null && best.lower > 0.5;
      seen.add(differs);
      expect(message).toContain(
        differs ? 'may tell the classes apart, but' : 'do not tell the classes apart: at most',
      );
    }
    expect([...seen].sort()).toEqual([false, true]);
  });

  it('keeps the images of a group in one fold: the scanner of a patient tells nothing about others', () => {
    // Ten patients per class with twelve images each; the sizes of a patient's images are all equal and like no other's.
    const grouped = (withGroups: boolean): FactSample[] =>
      samplesOf({ seed: 4, images: 240, classes: 2 }).map((sample, index) => {
        const patient = Math.floor(index / 24) * 2 + (index % 2);
        const shown = createRandom(patient, 'scanner');
        const facts = {
          ...sample.facts,
          width: 300 + shown.integer(600),
          height: 500,
          bytes: 30_000,
          format: 'png',
          color: 'grey' as const,
          border: { mean: 0, standardDeviation: 0, black: 1 },
        };
        return { ...sample, facts, group: withGroups ? `patient ${patient}` : undefined };
      });
    const [alone, together] = [false, true].map(
      (withGroups) => find(grouped(withGroups), 2)!.classes[0],
    );
    expect(alone.auc).toBeGreaterThan(0.8);
    expect(together.auc).toBeLessThan(0.75);
    expect(together.warning).toBe(false);
    const width = ({ lower, upper }: typeof alone): number => upper! - lower!;
    expect(width(together)).toBeGreaterThan(2 * width(alone));
  });

  it('gives no interval of zero width where every image is recognized', () => {
    const colors = ['rgb', 'grey'] as const;
    const { classes, message } = find(
      samplesOf({ seed: 1, images: 60, classes: 2 }, (label) => ({ color: colors[label] })),
      2,
    )!;
    expect(classes[0]).toMatchObject({ auc: 1, lower: null, upper: null, warning: true });
    expect(message).toContain('with AUC 1.00 (no interval: every image is recognized), by color');
    expect(message).not.toContain('1.00 to 1.00');
  });

  it('says nothing about classes of few images, images in memory, or one class', () => {
    const few = samplesOf({ seed: 1, images: 100, classes: 2 }).map((sample, index) =>
      index < 8 ? { ...sample, label: 2 } : sample,
    );
    const found = find(few, 3)!;
    expect(found.classes.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(found.leftOut).toEqual(['c']);
    expect(found.message).toContain('Too few images to say: "c".');
    expect(find(samplesOf({ seed: 1, images: 18, classes: 2 }), 2)).toBeUndefined();
    const inMemory = samplesOf({ seed: 1, images: 60, classes: 2 }).map(({ id, label }) => ({
      id,
      label,
    }));
    expect(findShortcuts({ samples: inMemory, classes: ['a', 'b'] })).toBeUndefined();
  });

  it('gives equal results for equal data', () => {
    const samples = samplesOf({ seed: 9, images: 90, classes: 3 });
    expect(find(samples, 3)).toEqual(find(samples, 3));
  });
});

describe('findShortcuts of several findings', () => {
  const findings = ['tube', 'mass', 'rare'];
  /** Images with a tube are smaller files; a mass is independent; a rare finding is in six images. */
  const samples = samplesOf({ seed: 5, images: 240, classes: 2 }, (label, chance) =>
    label === 1 ? { bytes: Math.round(12_000 + 20_000 * chance()) } : {},
  ).map((sample, i) => ({
    ...sample,
    label: -1,
    findings: [i % 2, i % 8 === 7 ? -1 : Number(i % 3 === 0), Number(i % 40 === 1)],
  }));

  it('compares images with each finding with those without', () => {
    const found = findShortcuts({ samples, classes: findings })!;
    expect(found.classes.map(({ name, warning }) => [name, warning])).toEqual([
      ['tube', true],
      ['mass', false],
    ]);
    expect(found.classes[0]).toMatchObject({
      fact: 'file size',
      against: ['images without "tube"'],
    });
    expect(found.leftOut).toEqual(['rare']);
    expect(found.message).toMatch(
      /^A finding can be recognized without looking at the image, from .* alone: "tube" with AUC 0\.\d\d \(0\.\d\d to 0\.\d\d\), by file size alone 0\.\d\d\. .* Too few images to say: "rare"\.$/,
    );
  });

  it('equals the comparison of two classes, without images of which the finding is not known', () => {
    const known = samples.filter(({ findings: labels }) => labels[1] !== -1);
    const inOrder = [0, 1].flatMap((label) =>
      known
        .filter(({ findings: labels }) => labels[1] === label)
        .map((sample) => ({ ...sample, label, findings: undefined })),
    );
    const [, asClass] = findShortcuts({ samples: inOrder, classes: ['no', 'yes'] })!.classes;
    const [, asFinding] = findShortcuts({ samples, classes: findings })!.classes;
    expect(asFinding).toEqual({
      ...asClass,
      name: 'mass',
      against: ['images without "mass"'],
    });
  });

  it('says that nothing was found, or nothing at all', () => {
    const unrelated = samples.map((sample) => ({ ...sample, findings: [sample.findings[1]] }));
    expect(findShortcuts({ samples: unrelated, classes: ['mass'] })?.message).toMatch(
      /^Facts on the files .* do not tell images with a finding from those without, or too little for a warning: at most AUC/,
    );
    expect(findShortcuts({ samples: samples.slice(0, 12), classes: findings })).toBeUndefined();
  });
});
