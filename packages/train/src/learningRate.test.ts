import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { learningRateAt } from './learningRate.js';
import type { ScheduleOptionsInput } from './scheduleOptions.js';
import { resolveTrainOptions } from './trainOptions.js';

type Rates = Record<string, number[]>;
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../test/golden/${name}`, import.meta.url), 'utf8')) as T;
/** Made by test/golden/make_golden.py and make_recipes.py with PyTorch. */
const golden: Rates = {
  ...read<Rates>('torch_schedules.json'),
  ...read<{ schedules: Rates }>('torch_recipes.json').schedules,
};

function rates(
  schedule: ScheduleOptionsInput,
  { steps = 40, stepsPerEpoch = 8, epochs = 5 } = {},
): number[] {
  const options = resolveTrainOptions({ schedule, epochs, learningRate: 2e-4 });
  return Array.from({ length: steps }, (_, step) =>
    learningRateAt(step, { ...options, stepsPerEpoch }),
  );
}

describe('learningRateAt', () => {
  it.each<[string, ScheduleOptionsInput]>([
    ['step', { kind: 'step', stepEpochs: 2, stepFactor: 0.3 }],
    ['cosine', { kind: 'cosine', finalFraction: 0.1 }],
    ['linear', { kind: 'linear', finalFraction: 0.25 }],
    ['warm_constant', { kind: 'constant', warmupEpochs: 1, warmupFrom: 0.1 }],
    ['warm_cosine', { kind: 'cosine', warmupSteps: 4, warmupFrom: 0.25 }],
    [
      'warm_step',
      { kind: 'step', warmupEpochs: 1, warmupFrom: 0.5, stepEpochs: 2, stepFactor: 0.5 },
    ],
    ['one_cycle', { kind: 'one-cycle', finalFraction: 4e-6 }],
    [
      'one_cycle_other',
      { kind: 'one-cycle', peakAt: 0.45, startFraction: 0.1, finalFraction: 0.05 },
    ],
    ['restarts', { kind: 'warm-restarts', restartEpochs: 1, restartFactor: 1 }],
    ['restarts_longer', { kind: 'warm-restarts', restartEpochs: 0.5, finalFraction: 0.1 }],
    [
      'warm_restarts',
      {
        kind: 'warm-restarts',
        restartEpochs: 1.5,
        restartFactor: 1,
        warmupEpochs: 1,
        warmupFrom: 0.25,
      },
    ],
  ])('equals PyTorch: %s', (name, schedule) => {
    rates(schedule).forEach((rate, step) =>
      expect(Math.abs(rate / golden[name][step] - 1), `step ${step}`).toBeLessThan(1e-12),
    );
  });

  it('is constant by default', () => {
    expect(new Set(rates('constant', { steps: 100 }))).toEqual(new Set([2e-4]));
  });

  it('accepts a warm-up of half an epoch and one that is longer than the run', () => {
    expect(rates({ kind: 'constant', warmupEpochs: 0.5, warmupFrom: 0.5 }, { steps: 5 })).toEqual(
      [1e-4, 1.25e-4, 1.5e-4, 1.75e-4, 2e-4].map((rate) => expect.closeTo(rate, 12) as number),
    );
    expect(
      rates({ kind: 'cosine', warmupSteps: 100 }, { steps: 40 }).every(
        (rate) => rate > 0 && rate < 2e-4,
      ),
    ).toBe(true);
  });

  it('has a cycle of any length, also with the peak at the start', () => {
    for (const peakAt of [0, 0.3, 0.99])
      for (const steps of [1, 2, 3])
        for (const rate of rates(
          { kind: 'one-cycle', peakAt },
          { steps, stepsPerEpoch: 1, epochs: steps },
        ))
          // prettier-ignore
          expect(rate >= 0 && rate <= 2e-4, `${rate} of ${steps} steps, ${peakAt}`).toBe(true);
    expect(rates({ kind: 'one-cycle', peakAt: 0 })[0]).toBe(2e-4);
  });

  it('stays at the final value after the end of the run', () => {
    expect(rates({ kind: 'cosine', finalFraction: 0.5 }, { steps: 60 })[59]).toBe(1e-4);
    expect(rates({ kind: 'linear', finalFraction: 0.5 }, { steps: 60 })[59]).toBe(1e-4);
  });
});
