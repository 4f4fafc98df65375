import { expect, it } from 'vitest';
import { relabelSamples } from './matchSamples.js';

/** The model's class of one image of each class of a data set. */
const relabeled = (classes: string[], labels: string[]): string[] =>
  relabelSamples(
    { classes, samples: classes.map((_, label) => ({ id: `image-${label}`, label })) },
    labels,
    'other',
  ).map(({ label }) => labels[label]);

it.each<[string, { classes: string[]; labels: string[]; expected: string[] }]>([
  [
    'as pandas writes numbers after a gap',
    { classes: ['0.0', '1.0'], labels: ['0', '1'], expected: ['0', '1'] },
  ],
  [
    'with leading zeros, and in another order',
    { classes: ['02', '1'], labels: ['1', '2'], expected: ['2', '1'] },
  ],
  [
    'as spreadsheets write truth values',
    { classes: ['TRUE', 'FALSE'], labels: ['False', 'True'], expected: ['True', 'False'] },
  ],
  [
    'in another composition of Unicode',
    { classes: ['cafe\u0301'], labels: ['caf\u00e9', 'b'], expected: ['caf\u00e9'] },
  ],
  ['with spaces around them', { classes: [' a', 'b '], labels: ['a', 'b'], expected: ['a', 'b'] }],
  [
    'with an exact match before others',
    { classes: ['0.0', '0'], labels: ['0', '0.0'], expected: ['0.0', '0'] },
  ],
])('classes are matched %s', (_, { classes, labels, expected }) => {
  expect(relabeled(classes, labels)).toEqual(expected);
});

it('other names stay unknown, in other letter case as well', () => {
  expect(() => relabeled(['Normal', '10'], ['normal', '1'])).toThrow(
    'other: the model does not know the classes "Normal", "10" (its classes: normal, 1; labelMap renames classes, such as --label-map Normal=normal)',
  );
});

it('a name that fits two classes of the model is refused', () => {
  expect(() => relabeled(['0.00', '1'], ['0', '0.0', '1'])).toThrow(
    'other: the class "0.00" may be "0" or "0.0" of the model (its classes: 0, 0.0, 1; labelMap says which, such as --label-map 0.00=0)',
  );
});

it('two classes that fit one class of the model are refused', () => {
  expect(() => relabeled(['0', '0.0', '1'], ['0', '1'])).toThrow(
    'other: its classes "0" and "0.0" differ in spelling only, and the model has one class "0" (--label-map 0=0,0.0=0 joins them)',
  );
});
