import { describe, expect, it } from 'vitest';
import type { EpochRecord } from '../checkpoint/checkpoint.js';
import { resolveTrainOptions } from '../trainOptions.js';
import { endReason } from './trainLoop.js';

const history = (...values: (number | null)[]): EpochRecord[] =>
  values.map((auc, i) => ({
    epoch: i + 1,
    step: i + 1,
    trainLoss: 1,
    validation: { auc, loss: auc === null ? null : -auc },
  }));
const options = (earlyStopping?: { patience: number; minimumDelta?: number; metric?: string }) =>
  resolveTrainOptions({ epochs: 6, earlyStopping });

describe('endReason', () => {
  it('ends after the last epoch', () => {
    expect(endReason(history(1, 2, 3, 4, 5), options())).toBeNull();
    expect(endReason(history(1, 2, 3, 4, 5, 6), options())).toBe('finished');
  });
  it('ends after `patience` epochs without improvement', () => {
    expect(endReason(history(0.5, 0.9, 0.8), options({ patience: 2 }))).toBeNull();
    expect(endReason(history(0.5, 0.9, 0.8, 0.9), options({ patience: 2 }))).toBe('early-stop');
  });
  it('counts from the last improvement that was large enough', () => {
    expect(endReason(history(0.5, 0.55, 0.59), options({ patience: 2, minimumDelta: 0.1 }))).toBe(
      'early-stop',
    );
    expect(
      endReason(history(0.5, 0.55, 0.61), options({ patience: 2, minimumDelta: 0.1 })),
    ).toBeNull();
  });
  it('counts a lower loss as an improvement', () => {
    expect(endReason(history(0.5, 0.6, 0.7), options({ patience: 1, metric: 'loss' }))).toBeNull();
    expect(endReason(history(0.5, 0.4), options({ patience: 1, metric: 'loss' }))).toBe(
      'early-stop',
    );
  });
  it('does not count an undefined metric as an improvement', () => {
    expect(endReason(history(null, null), options({ patience: 2 }))).toBe('early-stop');
    expect(endReason(history(null, 0.1), options({ patience: 2 }))).toBeNull();
  });
});
