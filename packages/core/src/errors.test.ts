import { describe, expect, it } from 'vitest';
import { InputError, throwIssues } from './errors.js';

describe('InputError', () => {
  it('prints one issue on one line and several as a list', () => {
    expect(
      new InputError({ path: 'data.size', message: 'got 0', hint: 'at least 32' }).message,
    ).toBe('data.size: got 0 (at least 32)');
    expect(
      new InputError([
        { path: 'a', message: 'x' },
        { path: 'b', message: 'y' },
      ]).message,
    ).toBe('2 problems:\n  a: x\n  b: y');
  });

  it('recognizes the errors of a second copy of this package', () => {
    class InputErrorOfCopy extends Error {
      override readonly name = 'InputError';
    }
    expect(new InputErrorOfCopy('x')).toBeInstanceOf(InputError);
    expect(new TypeError('x')).not.toBeInstanceOf(InputError);
    expect({ name: 'InputError' }).not.toBeInstanceOf(InputError);
  });

  it('keeps every issue and prints the first twenty', () => {
    const error = new InputError(
      Array.from({ length: 25 }, (_, i) => ({ path: `f${i}`, message: 'bad' })),
    );
    expect(error.issues).toHaveLength(25);
    expect(error.message).toContain('... and 5 more');
  });
});

describe('throwIssues', () => {
  it('throws one error for all issues, and returns if there are none', () => {
    expect(() => throwIssues([{ path: 'a', message: 'x' }])).toThrow('a: x');
    expect(() => throwIssues([])).not.toThrow();
  });
});
