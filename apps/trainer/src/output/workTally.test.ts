import { planExperiment } from '@nonlocal-med/experiment';
import { describe, expect, it } from 'vitest';
import { createWorkTally } from './workTally.js';

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

describe('createWorkTally', () => {
  it('counts steps over all runs and takes the time left from the steps of each row', () => {
    const tally = createWorkTally(runs, { sizes, jobs: 1 });
    expect(tally.total).toBe(2 * 6 + 2 * 4); // 3 and 2 batches an epoch
    expect(tally.secondsLeft()).toBeUndefined();
    tally.take(runs[0], step(1, 1000));
    expect([tally.done(), tally.secondsLeft()]).toEqual([1, 19]); // b has shown no step: as a
    tally.take(runs[1], step(1, 3000));
    expect([tally.done(), tally.secondsLeft()]).toEqual([2, 5 + 4 + 3 * (5 + 4)]);
    tally.end(runs[0]);
    expect([tally.done(), tally.secondsLeft()]).toEqual([7, 4 + 3 * (5 + 4)]);
  });

  it('counts what a resumed run did before as done, and not for the rate; jobs share what is left', () => {
    const tally = createWorkTally(runs, { sizes, jobs: 2 });
    tally.take(runs[0], {
      type: 'start',
      epochs: 2,
      batchesPerEpoch: 3,
      samples: 10,
      resumedAtStep: 4,
    });
    expect([tally.done(), tally.secondsLeft()]).toEqual([4, undefined]);
    tally.take(runs[0], step(5, 2000));
    expect(tally.secondsLeft()).toBe((2 * (1 + 6 + 4 + 4)) / 2);
  });
});
