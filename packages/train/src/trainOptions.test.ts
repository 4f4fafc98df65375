import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { resolveTrainOptions, type TrainOptionsInput, trainOptionsSchema } from './trainOptions.js';

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
        peakAt: 0.3,
        startFraction: 0.04,
        restartEpochs: 10,
        restartFactor: 2,
      },
      optimizer: 'adam',
      adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      sgd: { momentum: 0.9, nesterov: false },
      weightDecayOf: 'kernels',
      loss: 'cross-entropy',
      focal: { gamma: 2 },
      labelSmoothing: 0,
      mixup: 0,
      cutmix: 0,
      accumulateBatches: 1,
      synchronizedBatchNorm: false,
      freezeStages: 0,
      headEpochs: 0,
      layerDecay: 1,
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

  it.each<[string, TrainOptionsInput, RegExp]>([
    [
      'a warm-up of one-cycle',
      { schedule: { kind: 'one-cycle', warmupEpochs: 1 } },
      /warmupEpochs/,
    ],
    [
      'drops of a cosine schedule',
      { schedule: { kind: 'cosine', stepEpochs: 10 } },
      /schedule\.stepEpochs: got 10, which has no effect: the schedule is cosine \(leave it out\)/,
    ],
    [
      'the start of a warm-up that there is not',
      { schedule: { kind: 'linear', warmupFrom: 0.5, warmupEpochs: 0 } },
      /schedule\.warmupFrom: got 0\.5, which has no effect: there is no warm-up/,
    ],
    ['momentum of Adam', { sgd: { momentum: 0.5 } }, /sgd: has no effect: the optimizer is adam/],
    [
      'a choice of weights without decay',
      { optimizer: 'sgd', weightDecayOf: 'all' },
      /weightDecayOf: has no effect: there is no weight decay/,
    ],
    ['moments of SGD', { optimizer: 'sgd', adam: { beta1: 0.5 } }, /adam: has no effect/],
    [
      'a gamma of cross-entropy',
      { focal: { gamma: 3 } },
      /focal: has no effect: the loss is cross-/,
    ],
    [
      "Nesterov's momentum without a momentum",
      { optimizer: 'sgd', sgd: { momentum: 0, nesterov: true } },
      /sgd.nesterov: .* needs a momentum/,
    ],
    [
      'smoothing of the focal loss',
      { loss: 'focal', labelSmoothing: 0.1 },
      /labelSmoothing: cannot/,
    ],
  ])('refuses %s', (_, options, message) => {
    expect(() => resolveTrainOptions(options)).toThrow(message);
  });

  it('accepts options of a schedule that use them, and defaults of others', () => {
    const { schedule } = resolveTrainOptions({
      schedule: { kind: 'warm-restarts', restartEpochs: 3, finalFraction: 0.1, warmupSteps: 5 },
    });
    expect(resolveTrainOptions({ schedule }).schedule).toEqual(schedule);
  });

  it('describes every option', () => {
    for (const [name, field] of Object.entries(trainOptionsSchema.shape))
      expect(field.description, name).toBeTruthy();
  });
});
