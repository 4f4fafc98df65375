import { InputError, type Issue } from '@nonlocal-med/core';
import type { RawOptions } from '@nonlocal-med/pipeline';
import { describe, expect, it } from 'vitest';
import { builtinExperiment, builtinExperimentNames } from './builtinExperiments.js';
import type { ExperimentDefinition } from './experimentSchema.js';
import { type ExperimentPlan, planExperiment } from './planExperiment.js';

const data = { path: '/images' };

function issuesOf(definition: unknown, options: RawOptions = { data }): readonly Issue[] {
  try {
    planExperiment(definition as ExperimentDefinition, options);
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
  return [];
}

const split = ({ runs }: ExperimentPlan, repeat: number): unknown =>
  runs
    .filter((run) => run.repeat === repeat)
    .map(({ config }) => ({ seed: config.seed, split: config.split }));

describe('a cross-validation without validation sets', () => {
  it('is refused where it wants operating points, with what to do', () => {
    const folds = (validation: number): readonly Issue[] =>
      issuesOf({
        name: 'folds',
        base: { split: { validation }, decision: { operatingPoints: ['sensitivity>=0.9'] } },
        repeats: { kind: 'folds', folds: 5, count: 5 },
        rows: [{ key: 'plain', options: { model: { name: 'resnet18' } } }],
      });
    expect(folds(0)).toEqual([
      {
        path: 'decision.operatingPoints',
        message: expect.stringContaining('there is no validation set to choose on') as string,
        hint: 'train with a validation set: --validation 0.2 (in a cross-validation, a part of the training folds), or validation images in the given split',
      },
    ]);
    expect(folds(0.2)).toEqual([]);
  });
});

describe('built-in experiments', () => {
  it('have the rows, models and comparisons of the tables in the paper', () => {
    const rows = (name: string): unknown[] =>
      planExperiment(builtinExperiment(name), { data }).rows.map(
        ({ key, baseline, reproduced }) => [key, baseline, reproduced],
      );
    expect(builtinExperimentNames).toEqual(['table1', 'table2', 'table3']);
    expect(rows('table1')).toEqual(
      ['shufflenetv2', 'resnet18'].flatMap((backbone) =>
        ['', '-nam', '-nam-db', '-nla'].map((part) => [
          `${backbone}${part}`,
          part === '' ? null : backbone,
          true,
        ]),
      ),
    );
    expect(rows('table2')).toEqual([
      ...[
        'shufflenetv2',
        'resnet18',
        'resnet18-cbam',
        'resnet18-se',
        'resnet18-nonlocal',
        'resnet18-ccnet',
      ].map((key) => [key, 'resnet18-nla', true]),
      ['hynet', 'resnet18-nla', false],
      ['resnet18-nla', null, true],
    ]);
    expect(
      planExperiment(builtinExperiment('table3'), { data })
        .runs.slice(0, 4)
        .map(({ config }) => config.model),
    ).toEqual(
      [1, 2, 3, 4].map((encoder) => ({
        name: 'resnet18-nla',
        namAt: `e${encoder}`,
        weights: 'imagenet',
      })),
    );
  });

  it('follow the protocol of the paper: 5 repeats with new splits, 386 pixels, learning rate 2e-4, batches of 4, ImageNet weights', () => {
    const { runs } = planExperiment(builtinExperiment('table2'), { data });
    expect(runs).toHaveLength(5 * 7);
    for (const { config, repeat } of runs) {
      expect(config).toMatchObject({
        seed: repeat,
        split: { test: 0.1, validation: 0.1 },
        preprocessing: { size: [386, 386], contrast: 'clahe' },
        training: { epochs: 50, batchSize: 4, learningRate: 2e-4 },
        model: { weights: 'imagenet' },
      });
    }
  });

  it('are suggested for a similar name', () => {
    expect(() => builtinExperiment('table4')).toThrow(
      /unknown experiment "table4" \(did you mean "table\d"\? known: table1, table2, table3, or a YAML file/,
    );
  });
});

describe('planExperiment', () => {
  const rows = [
    { key: 'a', options: { model: { name: 'resnet18' } } },
    { key: 'b', options: { model: { name: 'resnet18-nla' } } },
  ];

  it('gives all rows of a repeat the same split, and each repeat its split, seed or fold', () => {
    const plan = (repeats: ExperimentDefinition['repeats']): ExperimentPlan =>
      planExperiment({ rows, repeats }, { data, seed: 7 });
    const own = { test: 0.1, validation: 0.1, repeat: 0 };
    const [splits, seeds, folds] = [
      plan({ count: 2 }),
      plan({ kind: 'seeds', count: 2 }),
      plan({ kind: 'folds', count: 2, folds: 4 }),
    ];
    expect([split(splits, 0), split(splits, 1)]).toEqual(
      [7, 8].map((seed) => rows.map(() => ({ seed, split: own }))),
    );
    expect([split(seeds, 0), split(seeds, 1)]).toEqual(
      [7, 8].map((seed) => rows.map(() => ({ seed, split: { ...own, seed: 7 } }))),
    );
    expect([split(folds, 0), split(folds, 1)]).toEqual(
      [0, 1].map((repeat) =>
        rows.map(() => ({ seed: 7 + repeat, split: { ...own, seed: 7, folds: 4, repeat } })),
      ),
    );
  });

  it('gives each repeat new synthetic images, split and seed', () => {
    const definition: ExperimentDefinition = { rows, repeats: { kind: 'images', count: 2 } };
    const { runs } = planExperiment(definition, {
      data: { kind: 'tiny-lesions', seed: 40 },
      seed: 7,
    });
    expect(
      runs.map(({ row, config: { seed, data: images } }) => [row.key, seed, images]),
    ).toMatchObject([
      ['a', 7, { seed: 40 }],
      ['b', 7, { seed: 40 }],
      ['a', 8, { seed: 41 }],
      ['b', 8, { seed: 41 }],
    ]);
    expect(runs.map(({ config: { split: own } }) => own.seed)).toEqual(Array(4).fill(undefined));
    expect(issuesOf(definition)).toEqual([
      {
        path: 'repeats.kind',
        message: 'got "images", for which new images are generated, with the data set "/images"',
        hint: 'splits, seeds or folds; images only without a data set, for the built-in synthetic images',
      },
    ]);
    const read = { key: 'reader', predictions: 'reader.csv' };
    expect(
      issuesOf({ rows: [...rows, read], repeats: { kind: 'images' } }, { split: { folds: 3 } }),
    ).toMatchObject([
      { path: 'split.folds', message: 'got 3' },
      { path: 'repeats.kind', message: 'got "images" with a row of predictions made elsewhere' },
    ]);
  });

  it('orders runs by repeat, so that an experiment that is stopped early is a complete table', () => {
    expect(
      planExperiment({ rows, repeats: { count: 2 } }, { data }).runs.map(({ folder }) => folder),
    ).toEqual(['runs/a/repeat-1', 'runs/b/repeat-1', 'runs/a/repeat-2', 'runs/b/repeat-2']);
  });

  it('lets the options of a row override the given options, and those the base', () => {
    const plan = planExperiment(
      {
        base: { data, training: { epochs: 3, batchSize: 2 } },
        rows: [{ key: 'a', options: { training: { epochs: 9 } } }, { key: 'b' }],
      },
      { training: { epochs: 5 } },
    );
    expect(
      plan.runs
        .slice(0, 2)
        .map(({ config: { training } }) => [training.epochs, training.batchSize]),
    ).toEqual([
      [9, 2],
      [5, 2],
    ]);
    expect(plan.rows.map(({ key, title, baseline }) => [key, title, baseline])).toEqual([
      ['a', 'a', null],
      ['b', 'b', 'a'],
    ]);
  });

  it('returns a definition that yields the same plan', () => {
    const plan = planExperiment(
      { ...builtinExperiment('table3'), repeats: { kind: 'folds', count: 2 } },
      { data, seed: 3, training: { epochs: 5 } },
    );
    expect(
      planExperiment(JSON.parse(JSON.stringify(plan.definition)) as ExperimentDefinition),
    ).toEqual(plan);
  });

  it('adds the initial weights to each row, with one file for each backbone', () => {
    const of = (
      weights: ExperimentDefinition['weights'],
      own: RawOptions[] = rows.map(({ options }) => options),
    ): unknown[] =>
      planExperiment(
        {
          weights,
          rows: own.map((options, index) => ({ key: `row-${index}`, options })),
          repeats: { count: 1 },
        },
        { data },
      ).runs.map(({ config }) => config.model.weights);
    expect(of('imagenet')).toEqual(['imagenet', 'imagenet']);
    expect(of('none')).toEqual([undefined, undefined]);
    expect(
      of({ resnet18: '/r.pth', shufflenetv2: '/s.pth' }, [
        { model: { name: 'shufflenetv2-nam' } },
        { model: { name: 'resnet18-se' } },
        { model: { name: 'resnet18', weights: '/own.pth' } },
      ]),
    ).toEqual(['/s.pth', '/r.pth', '/own.pth']);
    expect(issuesOf({ weights: { shufflenetv2: '/s.pth' }, rows })).toEqual([
      {
        path: 'weights',
        message: 'has no file for the backbone resnet18 (given: shufflenetv2)',
        hint: expect.stringContaining('resnet18: a .pth') as string,
      },
    ]);
  });

  it.each<[string, object, RawOptions, Partial<Issue>]>([
    [
      'an unknown option of the definition',
      { row: [], rows },
      { data },
      {
        path: 'row',
        message: 'unknown option',
        hint: expect.stringContaining('did you mean "rows"?') as string,
      },
    ],
    [
      'an unknown option of a row',
      { rows: [{ key: 'a', titel: 'A' }] },
      { data },
      {
        path: 'rows.0.titel',
        hint: expect.stringContaining('did you mean "title"?') as string,
      },
    ],
    [
      'a key that is not the name of a folder',
      { rows: [{ key: '../a' }] },
      { data },
      { path: 'rows.0.key', message: 'got "../a"' },
    ],
    [
      'a duplicate key',
      { rows: [{ key: 'a' }, { key: 'A' }] },
      { data },
      { path: 'rows.1.key', message: '"A" is used by another row' },
    ],
    [
      'an unknown baseline',
      { rows: [{ key: 'a' }, { key: 'b', baseline: 'c' }] },
      { data },
      { path: 'rows.1.baseline', message: 'got "c"', hint: 'the key of another row, or null: a' },
    ],
    [
      'a row with its own data set',
      { rows: [{ key: 'a', options: { data } }] },
      { data },
      { path: 'rows.0.options', message: 'sets data' },
    ],
    [
      'rows that are all quoted',
      { rows: [{ key: 'a', reproduced: false }] },
      { data },
      { path: 'rows', message: 'every row has reproduced: false' },
    ],
    [
      'zero repeats',
      { rows, repeats: { count: 0 } },
      { data },
      { path: 'repeats.count', message: 'got 0', hint: 'at least 1' },
    ],
    [
      'a split option that the repeats determine',
      { rows },
      { data, split: { seed: 3 } },
      { path: 'split.seed', message: 'got 3' },
    ],
    [
      'base weights that those of the experiment would replace',
      { rows },
      { data, model: { weights: '/base.pth' } },
      { path: 'model.weights', message: 'got "/base.pth"' },
    ],
    [
      'an issue of all rows, once',
      { rows },
      { data, training: { epochs: 0 } },
      { path: 'training.epochs', message: 'got 0', hint: 'at least 1' },
    ],
    [
      'an issue of one row, with its key',
      { rows: [...rows, { key: 'c', options: { model: { name: 'resnet19' } } }] },
      { data },
      { path: 'c: model', message: expect.stringContaining('"resnet19"') as string },
    ],
    ['a missing data set', { rows }, {}, { path: 'data', message: 'missing' }],
  ])('reports %s', (_, ...[definition, options, issue]) => {
    expect(issuesOf(definition, options)).toEqual([expect.objectContaining(issue)]);
  });
});
