import { describe, expect, it } from 'vitest';
import { countRepeats, orderOf } from './epochOrder.js';

/** 9 images of class 0, 5 of class 1 and 2 of class 4. */
const samples = [...Array(9).fill(0), ...Array(5).fill(1), ...Array(2).fill(4)].map(
  (label: number) => ({ label }),
);
const order = (epoch: number, options: object = {}): number[] => [
  ...orderOf(samples, { seed: 1, shuffle: true, balanced: true, epoch, ...options }),
];
const countOf = (values: readonly number[], value: number): number =>
  values.filter((other) => other === value).length;

describe('a balanced order', () => {
  it('takes each class equally often, in another order each epoch', () => {
    const labels = order(0).map((index) => samples[index].label);
    expect([0, 1, 4].map((label) => countOf(labels, label))).toEqual([6, 5, 5]);
    expect(order(0)).toEqual(order(0));
    expect(order(0)).not.toEqual(order(1));
    expect(order(0)).not.toEqual(order(0, { seed: 2 }));
    expect(labels).not.toEqual([...labels].sort((a, b) => a - b));
  });

  it('uses every image of a class equally often over the epochs', () => {
    // 3 epochs have 18 places of class 0 (twice each image), 15 of class 1 (3 times), 15 of class 4 (7 or 8 times).
    const all = [0, 1, 2].flatMap((epoch) => order(epoch));
    const counts = samples.map((_, index) => countOf(all, index));
    expect(counts.slice(0, 9)).toEqual(Array(9).fill(2));
    expect(counts.slice(9, 14)).toEqual(Array(5).fill(3));
    expect(counts.slice(14).sort()).toEqual([7, 8]);
    // Within an epoch no image of a frequent class comes twice before its pass is over.
    const first = order(0).filter((index) => index < 9);
    expect(new Set(first).size).toBe(6);
  });

  it('leaves a set of equal classes as it is, but for the order', () => {
    const equal = [0, 1, 0, 1, 0, 1].map((label) => ({ label }));
    const balanced = orderOf(equal, { seed: 3, shuffle: true, balanced: true, epoch: 4 });
    expect([...balanced].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

it('counts how often a sample came before', () => {
  expect([...countRepeats(Int32Array.of(3, 1, 3, 3, 1))]).toEqual([0, 0, 1, 2, 1]);
});

it('shuffles every sample once, or keeps the order', () => {
  expect(order(2, { balanced: false }).sort((a, b) => a - b)).toEqual([...samples.keys()]);
  expect(order(2, { balanced: false, shuffle: false })).toEqual([...samples.keys()]);
});
