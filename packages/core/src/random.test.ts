import { describe, expect, it } from 'vitest';
import { createRandom, restoreRandom } from './random.js';

describe('createRandom', () => {
  it('repeats a stream for equal seeds and names, and separates all others', () => {
    const numbers = (seed: number, ...names: (string | number)[]): number[] => {
      const random = createRandom(seed, ...names);
      return Array.from({ length: 8 }, () => random.uniform());
    };
    expect(numbers(1, 'a', 2)).toEqual(numbers(1, 'a', 2));
    expect(numbers(1, 'a', 2)).not.toEqual(numbers(2, 'a', 2));
    expect(numbers(1, 'a', 2)).not.toEqual(numbers(1, 'a', 3));
    expect(numbers(1, 'ab', 'c')).not.toEqual(numbers(1, 'a', 'bc'));
  });

  it('matches the reference implementation of xoshiro128**', () => {
    // First outputs for the state 1, 2, 3, 4 of the reference C implementation.
    const random = restoreRandom({ words: [1, 2, 3, 4] });
    const outputs = Array.from({ length: 3 }, () => random.integer(2 ** 32));
    expect(outputs).toEqual([11520, 0, 5927040]);
  });

  it('has the moments of its distributions', () => {
    const random = createRandom(7, 'moments');
    const count = 200_000;
    let uniform = 0,
      normal = 0,
      square = 0;
    for (let i = 0; i < count; i++) {
      uniform += random.uniform(2, 4);
      const value = random.normal(1, 2);
      normal += value;
      square += (value - 1) ** 2;
    }
    expect(uniform / count).toBeCloseTo(3, 2);
    expect(normal / count).toBeCloseTo(1, 1);
    expect(square / count).toBeCloseTo(4, 1);
  });

  it('continues exactly from a saved state, including the cached normal value', () => {
    const random = createRandom(3, 'resume');
    random.normal();
    const copy = restoreRandom(
      JSON.parse(JSON.stringify(random.state())) as ReturnType<typeof random.state>,
    );
    expect([copy.normal(), copy.normal(), copy.uniform()]).toEqual([
      random.normal(),
      random.normal(),
      random.uniform(),
    ]);
  });

  it('shuffles to a permutation and returns every integer below the bound', () => {
    const random = createRandom(5, 'shuffle');
    const shuffled = random.shuffle([...Array(50).keys()]);
    expect([...shuffled].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
    expect(shuffled).not.toEqual([...Array(50).keys()]);
    expect(new Set(Array.from({ length: 500 }, () => random.integer(7)))).toEqual(
      new Set([0, 1, 2, 3, 4, 5, 6]),
    );
    expect(() => random.integer(0)).toThrow('got 0');
  });
});
