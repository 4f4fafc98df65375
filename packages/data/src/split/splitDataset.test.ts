import type { Sample, SplitName } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { thrownIssues } from '../testing/openIssues.js';
import { summarizeSplit } from './split.js';
import { splitByGroup } from './splitByGroup.js';
import { splitDataset } from './splitDataset.js';

const classes = ['none', 'some'];

/** Samples of patients with two images each; patients alternate between the classes. */
const samplesOf = (counts: Partial<Record<SplitName, number>>): Sample[] =>
  Object.entries(counts).flatMap(([split, patients]) =>
    Array.from({ length: 2 * patients }, (_, i) => ({
      id: `${split}-${i}`,
      label: Math.floor(i / 2) % 2,
      group: `${split} patient ${Math.floor(i / 2)}`,
      split: split as SplitName,
    })),
  );

const given = samplesOf({ training: 20, validation: 4, test: 6 });
const groupsOf = (samples: readonly Sample[]): Set<string> =>
  new Set(samples.map(({ group }) => group!));
const issues = (samples: readonly Sample[], options: object = {}): string[] =>
  thrownIssues(() => splitDataset({ samples, classes }, options));

describe('splitDataset', () => {
  it('takes a given split as it is, whatever the seed', () => {
    const { split, notes } = splitDataset({ samples: given, classes }, { seed: 7 });
    expect(split.train).toEqual(given.slice(0, 40));
    expect(split.validation).toEqual(given.slice(40, 48));
    expect(split.test).toEqual(given.slice(48));
    expect(notes).toEqual([]);
  });

  it('splits by group without one', () => {
    const samples = given.map(({ id, label, group }) => ({ id, label, group }));
    expect(splitDataset({ samples, classes }, { seed: 3 })).toEqual({
      split: splitByGroup(samples, { classes, seed: 3 }),
      notes: [],
    });
  });

  it('takes a missing validation set from the training images, by patient', () => {
    const samples = samplesOf({ training: 20, test: 6 });
    const { split, notes } = splitDataset({ samples, classes }, { validation: 0.2 });
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([32, 8, 12]);
    expect(
      [...groupsOf(split.train)].filter((group) => groupsOf(split.validation).has(group)),
    ).toEqual([]);
    expect(split.validation.every((sample) => sample.split === 'training')).toBe(true);
    expect(split.test).toEqual(samples.slice(40));
    expect(notes).toEqual([
      'The given split has no validation set: 8 of its 40 training images are used as one (split.validation), by patient if patients are known.',
    ]);
  });

  it('leaves the validation set empty if the options say so', () => {
    const { split, notes } = splitDataset(
      { samples: samplesOf({ training: 20, test: 6 }), classes },
      { validation: 0 },
    );
    expect([split.train.length, split.validation.length]).toEqual([40, 0]);
    expect(notes).toEqual([
      'The given split has no validation set, and none is taken from the training set (split.validation is 0): no best checkpoint is selected.',
    ]);
  });

  it('leaves a missing test set empty, with a note', () => {
    const { split, notes } = splitDataset({
      samples: samplesOf({ training: 20, validation: 6 }),
      classes,
    });
    expect(split.test).toEqual([]);
    expect(notes).toEqual([
      'The given split has no test set, and none is taken from the training set: call the held-out part test, or use --given-split ignore.',
    ]);
  });

  it('refuses options that contradict the given split', () => {
    const anew = 'leave it out; or --given-split ignore, which splits all images anew';
    expect(issues(given, { test: 0.3, validation: 0.2, repeat: 2 })).toEqual([
      `split.repeat: got 2, but the data set comes with its own split (${anew})`,
      `split.test: got 0.3, but the data set comes with its own split (${anew})`,
      `split.validation: got 0.2, but the data set comes with its own split (${anew})`,
    ]);
    expect(issues(given, { folds: 5, repeat: 1 })).toEqual([
      'split.folds: got 5, but the data set comes with its own split (a cross-validation splits all images anew, with --given-split ignore; repeats of kind "splits" or "seeds" train several seeds on the given split)',
    ]);
  });

  it('needs training images of every class, and notes what other sets lack', () => {
    const only = (split: SplitName, label: number): Sample => ({
      id: `${split}${label}`,
      label,
      split,
    });
    expect(issues([only('test', 0), only('validation', 1)])).toEqual([
      'split: the given split has no training images, only 1 validation image and 1 test image (a folder, a list or the value "train" for the training images)',
    ]);
    expect(issues([only('training', 0), only('test', 0), only('test', 1)])).toEqual([
      'split: class "some" has no training images in the given split, but 1 validation or test image (every class needs training images; labelMap renames or leaves out classes)',
    ]);
    const { notes } = splitDataset(
      {
        samples: [...given.slice(0, 48), only('test', 1)],
        classes,
      },
      {},
    );
    expect(notes).toEqual([
      'The test set of the given split has no images of "none": metrics that need every class are undefined on it.',
    ]);
  });

  it('suggests the class that is written differently', () => {
    const samples: Sample[] = [
      { id: '1', label: 0, split: 'training' },
      { id: '2', label: 1, split: 'training' },
      { id: '3', label: 2, split: 'test' },
    ];
    expect(
      thrownIssues(() => splitDataset({ samples, classes: ['none', 'some', 'None'] }, {})),
    ).toEqual([
      'split: class "None" has no training images in the given split, but 1 validation or test image (did you mean "none"? every class needs training images; labelMap renames or leaves out classes)',
    ]);
  });
});

describe('splitDataset with several findings', () => {
  const findings = ['effusion', 'mass', 'hernia'];
  /** Patients with two images each: effusion in half of them, mass in a quarter, hernia in one of ten. */
  const patients = (count: number, split?: SplitName): Sample[] =>
    Array.from({ length: 2 * count }, (_, i) => {
      const patient = Math.floor(i / 2);
      return {
        id: `${split ?? 'any'}-${i}`,
        label: -1,
        findings: [patient % 2, Number(patient % 4 === 0), Number(patient % 10 === 0)],
        group: `${split ?? 'any'} patient ${patient}`,
        ...(split === undefined ? {} : { split }),
      };
    });
  const withFinding = (samples: readonly Sample[]): number[] =>
    findings.map((_, f) => samples.filter((sample) => sample.findings![f] === 1).length);

  it('keeps patients together and each finding in proportion', () => {
    const samples = patients(200);
    const { split, notes } = splitDataset({ samples, classes: findings }, { test: 0.25 });
    expect(split.test).toHaveLength(100);
    expect(withFinding(split.test)).toEqual([50, 24, 10]);
    expect(split.validation).toHaveLength(30);
    expect(withFinding(split.validation)).toEqual([14, 8, 4]);
    const [tested, trained] = [groupsOf(split.test), groupsOf(split.train)];
    expect([...tested].filter((group) => trained.has(group))).toEqual([]);
    // The samples themselves, not copies of them.
    expect(split.test.every((sample) => samples.includes(sample))).toBe(true);
    expect(notes).toEqual([]);
  });

  it('takes validation images from a given training set by patient and in proportion', () => {
    const samples = [...patients(100, 'training'), ...patients(30, 'test')];
    const { split, notes } = splitDataset({ samples, classes: findings }, { validation: 0.2 });
    expect(split.test).toEqual(samples.slice(200));
    expect(split.validation).toHaveLength(40);
    expect(withFinding(split.validation)).toEqual([20, 10, 4]);
    expect(
      [...groupsOf(split.train)].filter((group) => groupsOf(split.validation).has(group)),
    ).toEqual([]);
    expect(notes).toEqual([
      'The given split has no validation set: 40 of its 200 training images are used as one (split.validation), by patient if patients are known.',
      'The test set has few images with "hernia" (6): what is measured of it is uncertain.',
    ]);
  });

  it('refuses findings that no training image has, or that all of them have', () => {
    const sample = (id: number, labels: number[], split: SplitName): Sample => ({
      id: String(id),
      label: -1,
      findings: labels,
      split,
    });
    const samples = [
      sample(1, [1, 0, -1], 'training'),
      sample(2, [1, 1, 1], 'training'),
      sample(3, [0, 1, 1], 'test'),
      sample(4, [0, 0, 0], 'test'),
    ];
    expect(
      thrownIssues(() => splitDataset({ samples, classes: findings }, { validation: 0 })),
    ).toEqual([
      `split: there is no training image without the finding "effusion", but 2 validation or test images without it (every finding needs training images with and without it; --label-map 'effusion=' leaves it out)`,
      `split: there is no training image without the finding "hernia" (it is not known of 1 training image; --blank zeros counts empty cells as absent), but 1 validation or test image without it (every finding needs training images with and without it; --label-map 'hernia=' leaves it out)`,
    ]);
  });

  it('counts what is present and absent in each set', () => {
    const samples = patients(20).map((sample, i) =>
      i === 0 ? { ...sample, findings: [-1, 1, 1] } : sample,
    );
    const split = { train: samples.slice(0, 30), validation: [], test: samples.slice(30) };
    expect(summarizeSplit(split, 3)).toEqual({
      train: { images: 30, groups: 15, classCounts: [14, 8, 4], absentCounts: [15, 22, 26] },
      validation: { images: 0, groups: 0, classCounts: [0, 0, 0], absentCounts: [0, 0, 0] },
      test: { images: 10, groups: 5, classCounts: [6, 2, 0], absentCounts: [4, 8, 10] },
    });
  });
});
