import { parseRunConfig } from '@nonlocal-med/pipeline';
import { describe, expect, it } from 'vitest';
import { crossValidation } from './crossValidation.js';
import { planExperiment } from './planExperiment.js';

const options = {
  data: { path: '/images' },
  model: { name: 'shufflenetv2', width: 0.5, weights: '/weights.pth' },
  training: { epochs: 3 },
  seed: 7,
};

describe('crossValidation', () => {
  it('trains one configuration once per fold, with the options of a single run', () => {
    const { rows, runs, repeats } = planExperiment(crossValidation(options, 3));
    expect(rows.map(({ key }) => key)).toEqual(['shufflenetv2']);
    expect(repeats).toEqual({ kind: 'folds', count: 3, folds: 3 });
    for (const [fold, { config }] of runs.entries()) {
      expect(config.split).toMatchObject({ folds: 3, repeat: fold, seed: 7 });
      expect(config.seed).toBe(7 + fold);
      expect(config.training.epochs).toBe(3);
      expect(config.augmentation).toBe('auto'); // as in a single run; tables have the paper's
      expect(config.model).toMatchObject(options.model);
    }
  });

  it('has the default model of a run, and keeps the augmentation that was given', () => {
    const [{ config }] = planExperiment(
      crossValidation({ data: { path: '/images' }, augmentation: 'xray' }, 2),
    ).runs;
    expect(config.model.name).toBe('resnet18-nla');
    expect(config.augmentation).toMatchObject({ horizontalFlip: 0 });
  });

  it('refuses options of the split that the folds determine; null unsets them', () => {
    const split = { test: 0.2, validation: 0.3, repeat: 1 };
    expect(() => crossValidation({ ...options, split }, 3)).toThrow(
      /split\.test: got 0\.2, but each fold [^\n]*\n.*split\.repeat: got 1/,
    );
    const unset = { ...split, test: null, repeat: null };
    const [{ config }] = planExperiment(crossValidation({ ...options, split: unset }, 3)).runs;
    expect(config.split).toMatchObject({ validation: 0.3, repeat: 0 });
  });

  it('accepts the configuration of another run, with defaults of the options that the folds determine', () => {
    const run = parseRunConfig(options);
    expect(run.split).toMatchObject({ test: 0.1, repeat: 0 });
    const plan = planExperiment(crossValidation(run, 3));
    expect(plan.runs.map(({ config }) => config.split.repeat)).toEqual([0, 1, 2]);
  });

  it('refuses invalid options as a single run does', () => {
    expect(() => crossValidation({ ...options, training: { epoch: 3 } }, 3)).toThrow(
      'training.epoch: unknown option',
    );
    expect(() => crossValidation({ ...options, split: 5 }, 3)).toThrow(/^split: .*5/);
    expect(() => crossValidation({ ...options, split: null }, 3)).not.toThrow();
  });
});
