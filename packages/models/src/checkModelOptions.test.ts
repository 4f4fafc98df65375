import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { checkModelOptions } from './checkModelOptions.js';
import { modelNames } from './modelNames.js';
import { modelOptionSpecs } from './modelOptionSpecs.js';

const issuesOf = (name: string, options: Record<string, unknown>): string[] => {
  try {
    checkModelOptions(name, options);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).issues.map(
      ({ path: where, message: what, hint: allowed }) =>
        `${where}: ${what}${allowed === undefined ? '' : ` (${allowed})`}`,
    );
  }
};

describe('checkModelOptions', () => {
  it("gives the paper's method by default", () => {
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
        taps: 'layers',
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
      'model.namAt: "e5" is not allowed (one of conv1, stem, e1, e2, e3, e4)',
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
        seed: 1.5,
        classes: 1,
      }),
    ).toEqual([
      'model.namat: unknown option (did you mean "namAt"? known: classes, inputSize, seed, probabilities, width, namAt, mode, scale, residual, subSample, taps, fusion, pools, head)',
      'model.classes: 1 is not allowed (a whole number from 2 to 100000)',
      'model.seed: 1.5 is not allowed (a whole number of at least 0)',
      'model.width: 3 is not allowed (one of 0.5, 1, 1.5, 2)',
      'model.fusion: ["max","max"] is not allowed (a list of different values of average, max, bilinear)',
      'model.head: "flatten" needs a fixed size (give inputSize, or head "gap")',
    ]);
  });

  it.each([
    [
      'an unknown name',
      'resnet18-nal',
      { classes: 4 },
      'model: unknown model "resnet18-nal" (did you mean "resnet18-nam"?',
    ],
    ['no classes', 'resnet18', {}, 'model.classes: missing: number of classes'],
    [
      'a small size',
      'resnet18',
      { classes: 4, inputSize: [64, 16] },
      'model.inputSize: [64,16] is not allowed (a whole number of pixels, or [height, width], of at least 32)',
    ],
    [
      'conv5 of a ResNet',
      'resnet18-nla',
      { classes: 4, taps: 'conv5' },
      'model.taps: "conv5" is not allowed (one of layers, stem)',
    ],
    [
      'a scaled concatenation',
      'resnet18-nonlocal',
      { classes: 4, pairwise: 'concat', scale: 'inverse-sqrt' },
      'model.scale: "inverse-sqrt" has no meaning with concatenation (1)',
    ],
    [
      "a flattened head of CCNet's own",
      'resnet18-ccnet',
      { classes: 4, head: 'flatten', inputSize: 64 },
      'model.head: "flatten" has no meaning with the head of CCNet (ccnet "inline", or head "gap")',
    ],
    [
      'an unknown block',
      'resnet18-nonlocal',
      { classes: 4, placement: ['layer5.0'] },
      'model.placement: ["layer5.0"] is not allowed',
    ],
    ['no operator', 'resnet18-nla', { classes: 4, fusion: [] }, 'model.fusion: [] is not allowed'],
    [
      'text for a truth value',
      'resnet18-se',
      { classes: 4, useBias: 'no' },
      'model.useBias: "no" is not allowed (true or false)',
    ],
  ])('refuses %s', (_, name, options, message) => {
    const issues = issuesOf(name, options);
    expect(issues).toHaveLength(1);
    expect(issues[0].startsWith(message), issues[0]).toBe(true);
  });

  it('takes a choice as text, as command lines give it', () => {
    expect(checkModelOptions('shufflenetv2', { classes: 4, width: '0.5' }).options.width).toBe(0.5);
  });

  it('has a meaning and a default for every option of every model', () => {
    for (const name of modelNames()) {
      for (const [option, spec] of Object.entries(modelOptionSpecs(name))) {
        expect(spec.description, `${name} ${option}`).toMatch(/\w/);
        if (!['classes', 'inputSize'].includes(option))
          expect(spec.default, `${name} ${option}`).toBeDefined();
      }
    }
  });
});
