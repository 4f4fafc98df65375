import { describe, expect, it } from 'vitest';
import { bestEpoch } from './bestEpoch.js';
import type { EpochRecord } from './checkpoint/checkpoint.js';

const history = (metric: string, ...values: (number | null)[]): EpochRecord[] =>
  values.map((value, i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    trainLoss: 1,
    validation: { [metric]: value },
  }));

describe('bestEpoch', () => {
  it('returns the epoch with the highest value, the first of equal ones', () => {
    expect(bestEpoch(history('auc', 0.5, 0.8, 0.7, 0.8), 'auc')?.epoch).toBe(2);
  });
  it('returns the epoch with the lowest loss', () => {
    expect(bestEpoch(history('loss', 0.5, 0.3, 0.4), 'loss')?.epoch).toBe(2);
  });
  it('skips undefined values', () => {
    expect(bestEpoch(history('auc', null, 0.2, null), 'auc')?.epoch).toBe(2);
    expect(bestEpoch(history('auc', null, null), 'auc')).toBeNull();
  });
  it('returns null without validation', () => {
    expect(bestEpoch([{ epoch: 1, step: 1, trainLoss: 1 }], 'auc')).toBeNull();
    expect(bestEpoch([], 'auc')).toBeNull();
  });
});
