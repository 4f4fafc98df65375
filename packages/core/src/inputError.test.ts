import { describe, expect, it } from 'vitest';
import { InputError, throwFaults } from './inputError.js';

describe('InputError', () => {
  it('prints one fault on one line and several as a list', () => {
    expect(
      new InputError({ where: 'data.size', what: 'got 0', allowed: 'at least 32' }).message,
    ).toBe('data.size: got 0 (at least 32)');
    expect(
      new InputError([
        { where: 'a', what: 'x' },
        { where: 'b', what: 'y' },
      ]).message,
    ).toBe('2 faults:\n  a: x\n  b: y');
  });

  it('keeps every fault, prints the first twenty', () => {
    const error = new InputError(
      Array.from({ length: 25 }, (_, i) => ({ where: `f${i}`, what: 'bad' })),
    );
    expect(error.faults).toHaveLength(25);
    expect(error.message).toContain('... and 5 more');
    expect(() => throwFaults([])).not.toThrow();
  });
});
