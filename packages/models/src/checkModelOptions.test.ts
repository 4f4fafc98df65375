import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { checkModelOptions } from './createModel.js';
import { modelNames, modelOptionsSchema } from './modelRegistry.js';

const issuesOf = (name: string, options: Record<string, unknown>): string[] => {
  try {
    checkModelOptions(name, options);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).issues.map(
      ({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    );
  }
};

describe('checkModelOptions', () => {
  it("fills in the paper's method by default", () => {
    expect(checkModelOptions('resnet18-nla', { classes: 4 })).toEqual({
      name: 'resnet18-nla',
      options: {
        classes: 4,
        seed: 0,
        probabilities: false,
        namAt: 'e1',
        mode: 'softmax',
        scale: 1,
        residual: 'none',
        subSample: 'none',
        encoderStages: 'layers',
        fusion: ['average', 'max', 'bilinear'],
        pools: 'adaptive',
        head: 'gap',
      },
    });
  });

  it('reads the encoder from the name', () => {
    expect(checkModelOptions('resnet18-nla@e2', { classes: 4 }).options.namAt).toBe('e2');
    expect(issuesOf('resnet18-nla@e2', { classes: 4, namAt: 'e3' })).toEqual([
      'model.namAt: "e3" contradicts the name "resnet18-nla@e2"',
    ]);
    expect(issuesOf('resnet18-nla@e5', { classes: 4 })).toEqual([
      'model.namAt: got "e5" (one of "conv1", "stem", "e1", "e2", "e3", "e4")',
    ]);
    expect(issuesOf('resnet18-se@e2', { classes: 4 })).toEqual([
      'model: "resnet18-se@e2": resnet18-se has no attention module to move (resnet18-se)',
    ]);
  });

  it('reports all issues together', () => {
    expect(
      issuesOf('shufflenetv2-nla', {
        width: 3,
        namat: 'e1',
        fusion: ['max', 'max'],
        head: 'flatten',
        seed: -1,
        classes: 1,
      }),
    ).toEqual([
      'model.seed: got -1 (at least 0)',
      'model.width: got 3 (one of 0.5, 1, 1.5, 2)',
      'model.fusion: got ["max","max"] (different values of average, max, bilinear)',
      'model.namat: unknown option (did you mean "namAt"? known: classes, inputSize, seed, probabilities, task, width, namAt, mode, scale, residual, subSample, encoderStages, fusion, pools, head)',
      'model.classes: got 1 (at least 2)',
      'model.head: got "flatten" ("gap", unless inputSize is given)',
    ]);
  });

  it('accepts a single finding', () => {
    const { options } = checkModelOptions('resnet18', { classes: 1, task: 'multilabel' });
    expect(options).toMatchObject({ classes: 1, task: 'multilabel' });
  });

  it.each([
    [
      'an unknown name',
      'resnet18-nal',
      { classes: 4 },
      'model: unknown model "resnet18-nal" (did you mean "resnet18-nam"?',
    ],
    ['no classes', 'resnet18', {}, 'model.classes: missing (a number)'],
    ['one class', 'resnet18', { classes: 1 }, 'model.classes: got 1 (at least 2)'],
    [
      'no findings',
      'resnet18',
      { classes: 0, task: 'multilabel' },
      'model.classes: got 0 (at least 1)',
    ],
    [
      'another task',
      'resnet18',
      { classes: 2, task: 'regression' },
      'model.task: got "regression" (',
    ],
    [
      'a small size',
      'resnet18',
      { classes: 4, inputSize: [64, 16] },
      'model.inputSize.1: got 16 (at least 32)',
    ],
    [
      'conv5 of a ResNet',
      'resnet18-nla',
      { classes: 4, encoderStages: 'conv5' },
      'model.encoderStages: got "conv5" (one of "layers", "stem")',
    ],
    [
      'a scaled concatenation',
      'resnet18-nonlocal',
      { classes: 4, pairwise: 'concat', scale: 'inverse-sqrt' },
      'model.scale: got "inverse-sqrt" (1, since concatenation has no dot products)',
    ],
    [
      "a flattened head of CCNet's own",
      'resnet18-ccnet',
      { classes: 4, head: 'flatten', inputSize: 64 },
      'model.head: got "flatten" ("gap", unless ccnet is "inline")',
    ],
    [
      'an unknown block',
      'resnet18-nonlocal',
      { classes: 4, placement: ['layer5.0'] },
      'model.placement.0: got "layer5.0" (one of "layer1.0", ',
    ],
    ['no operator', 'resnet18-nla', { classes: 4, fusion: [] }, 'model.fusion: got [] (at least 1'],
    [
      'text in place of a boolean',
      'resnet18-se',
      { classes: 4, useBias: 'no' },
      'model.useBias: got "no" (true or false)',
    ],
  ])('refuses %s', (...[, name, options, message]) => {
    const issues = issuesOf(name, options);
    expect(issues).toHaveLength(1);
    expect(issues[0].startsWith(message), issues[0]).toBe(true);
  });

  it('accepts a number as text, as command lines give it', () => {
    expect(checkModelOptions('shufflenetv2', { classes: 4, width: '0.5' }).options.width).toBe(0.5);
  });

  it('has a description and a default for every option of every model', () => {
    for (const name of modelNames()) {
      const { options } = checkModelOptions(name, { classes: 4 });
      for (const [option, schema] of Object.entries(modelOptionsSchema(name).shape)) {
        expect(schema.description, `${name} ${option}`).toMatch(/\w/);
        if (!['inputSize', 'task'].includes(option)) expect(options, name).toHaveProperty(option);
      }
    }
  });
});
