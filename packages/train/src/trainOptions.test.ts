import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { resolveTrainOptions, trainOptionsSchema } from './trainOptions.js';

describe('resolveTrainOptions', () => {
  it("defaults to the paper's protocol", () => {
    expect(resolveTrainOptions({})).toEqual({
      epochs: 50,
      learningRate: 2e-4,
      precision: 'float32',
      schedule: {
        kind: 'constant',
        warmupFrom: 0.1,
        stepEpochs: 30,
        stepFactor: 0.1,
        finalFraction: 0,
      },
      adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      selection: 'auc',
      seed: 0,
      checkpointEverySeconds: 120,
    });
  });

  it('leaves resolved options unchanged', () => {
    const options = resolveTrainOptions({
      schedule: 'cosine',
      earlyStopping: { patience: 3 },
      classWeights: [1, 2],
    });
    expect(options.schedule.kind).toBe('cosine');
    expect(resolveTrainOptions(options)).toEqual(options);
  });

  it('reports all issues together, each with its value', () => {
    const wrong = {
      epochs: 0,
      learningRate: -1,
      schedule: { kind: 'exponential', warmupSteps: 2, warmupEpochs: 1 },
      adam: { beta1: 1 },
      epoch: 3,
      classWeights: [1, 0],
    } as never;
    expect(() => resolveTrainOptions(wrong)).toThrow(InputError);
    try {
      resolveTrainOptions(wrong);
    } catch (error) {
      const issues = (error as InputError).issues;
      expect(issues.map(({ path }) => path).sort()).toEqual([
        'adam.beta1',
        'classWeights.1',
        'epoch',
        'epochs',
        'learningRate',
        'schedule.kind',
      ]);
      expect(issues.find(({ path }) => path === 'learningRate')?.message).toBe('got -1');
      expect(issues.find(({ path }) => path === 'schedule.kind')?.hint).toMatch(
        /constant.*step.*cosine.*linear/,
      );
      expect(issues.find(({ path }) => path === 'epoch')?.hint).toMatch(/did you mean "epochs"/);
    }
  });

  it('refuses both lengths of a warm-up', () => {
    expect(() => resolveTrainOptions({ schedule: { warmupSteps: 2, warmupEpochs: 1 } })).toThrow(
      /not both/,
    );
  });

  it('describes every option', () => {
    for (const [name, field] of Object.entries(trainOptionsSchema.shape))
      expect(field.description, name).toBeTruthy();
  });
});
