import { planExperiment } from '@nonlocal-med/experiment';
import { describe, expect, it } from 'vitest';
import { createWorkProgress } from './workProgress.js';

const { runs } = planExperiment(
  { rows: [{ key: 'a' }, { key: 'b' }], repeats: { count: 2 } },
  { data: { kind: 'tiny-lesions' }, training: { epochs: 2, batchSize: 4 } },
);
const sizes = [
  { train: 10, validation: 0, test: 4 },
  { train: 8, validation: 0, test: 4 },
];
const step = (number: number, milliseconds: number) =>
  ({
    type: 'step',
    epoch: 1,
    step: number,
    batch: 0,
    loss: 1,
    learningRate: 1,
    milliseconds,
    waitMilliseconds: 0,
  }) as const;

describe('createWorkProgress', () => {
  it('counts the steps of all runs and estimates the remaining time from the steps of each row', () => {
    const progress = createWorkProgress(runs, { sizes, jobs: 1 });
    expect(progress.total).toBe(2 * 6 + 2 * 4); // 3 and 2 batches per epoch
    expect(progress.secondsLeft()).toBeUndefined();
    progress.add(runs[0], step(1, 1000));
    expect([progress.done(), progress.secondsLeft()]).toEqual([1, 19]); // b has no measured step, so a's is used
    progress.add(runs[1], step(1, 3000));
    expect([progress.done(), progress.secondsLeft()]).toEqual([2, 5 + 4 + 3 * (5 + 4)]);
    progress.finish(runs[0]);
    expect([progress.done(), progress.secondsLeft()]).toEqual([7, 4 + 3 * (5 + 4)]);
  });

  it('counts the steps before a resume as done but not in the rate, and divides the rest among the jobs', () => {
    const progress = createWorkProgress(runs, { sizes, jobs: 2 });
    progress.add(runs[0], {
      type: 'start',
      epochs: 2,
      batchesPerEpoch: 3,
      samples: 10,
      resumedAtStep: 4,
    });
    expect([progress.done(), progress.secondsLeft()]).toEqual([4, undefined]);
    progress.add(runs[0], step(5, 2000));
    expect(progress.secondsLeft()).toBe((2 * (1 + 6 + 4 + 4)) / 2);
  });
});
