import { describe, expect, it } from 'vitest';
import { mergeOptions, setOption } from './mergeOptions.js';

describe('mergeOptions', () => {
  it('lets later layers win, merges objects, and replaces lists', () => {
    const file = {
      training: { epochs: 3, classWeights: [1, 2, 3] },
      augmentation: { rotation: 1 },
      seed: 1,
    };
    const merged = mergeOptions(
      file,
      setOption('training.epochs', 5),
      setOption('training.classWeights', [4]),
      { augmentation: false },
    );
    expect(merged).toEqual({
      training: { epochs: 5, classWeights: [4] },
      augmentation: false,
      seed: 1,
    });
    expect(file.training).toEqual({ epochs: 3, classWeights: [1, 2, 3] });
  });

  it('keeps values that are false, zero, empty or null, and skips undefined', () => {
    expect(
      mergeOptions(
        { a: 1, b: 1, c: 1, d: 1, e: 1 },
        { a: false, b: 0, c: '', d: null, e: undefined },
      ),
    ).toEqual({ a: false, b: 0, c: '', d: null, e: 1 });
  });

  it('starts options of the augmentation from the preset before them, and lets a preset replace options', () => {
    const options = { augmentation: { diagonalFlip: 0, rotation: 0 } };
    const preset = { augmentation: 'xray' };
    expect(mergeOptions(preset, setOption('augmentation.gamma', 0))).toEqual({
      augmentation: { preset: 'xray', gamma: 0 },
    });
    expect(mergeOptions(options, preset)).toEqual(preset);
    expect(mergeOptions(options, { augmentation: { preset: 'light' } })).toEqual({
      augmentation: { preset: 'light' },
    });
  });

  it('does not change the prototype of objects', () => {
    mergeOptions({}, setOption('__proto__.polluted', true));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
