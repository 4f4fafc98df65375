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

describe('the experiments that come with the package', () => {
  it('are the tables of the paper: rows, models, what is compared with what', () => {
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

  it("follow the paper's protocol: five repeats with a new split each, 386 pixels, Adam at 2e-4, batches of 4, ImageNet's weights", () => {
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

  it('are suggested where a name is close', () => {
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

  it('gives rows of one repeat one split, and repeats splits or seeds or folds of their own', () => {
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

  it('orders runs by repeat, so that a table that is stopped early is a whole one of fewer repeats', () => {
    expect(
      planExperiment({ rows, repeats: { count: 2 } }, { data }).runs.map(({ folder }) => folder),
    ).toEqual(['runs/a/repeat-1', 'runs/b/repeat-1', 'runs/a/repeat-2', 'runs/b/repeat-2']);
  });

  it('lets a row go over the options, and those over the base', () => {
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

  it('knows its definition, which makes the same plan again', () => {
    const plan = planExperiment(
      { ...builtinExperiment('table3'), repeats: { kind: 'folds', count: 2 } },
      { data, seed: 3, training: { epochs: 5 } },
    );
    expect(
      planExperiment(JSON.parse(JSON.stringify(plan.definition)) as ExperimentDefinition),
    ).toEqual(plan);
  });

  it('starts rows from the weights it is given, one file for each backbone', () => {
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
        message: 'has no file for the backbone resnet18 (it names shufflenetv2)',
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
      'a key that is no name of a folder',
      { rows: [{ key: '../a' }] },
      { data },
      { path: 'rows.0.key', message: 'got "../a"' },
    ],
    [
      'a key that stands twice',
      { rows: [{ key: 'a' }, { key: 'A' }] },
      { data },
      { path: 'rows.1.key', message: '"A" stands twice' },
    ],
    [
      'a baseline that is no row',
      { rows: [{ key: 'a' }, { key: 'b', baseline: 'c' }] },
      { data },
      { path: 'rows.1.baseline', message: 'got "c"', hint: "another row's key, or null: a" },
    ],
    [
      'data of a row of its own',
      { rows: [{ key: 'a', options: { data } }] },
      { data },
      { path: 'rows.0.options', message: 'sets data' },
    ],
    [
      'no row that is trained',
      { rows: [{ key: 'a', reproduced: false }] },
      { data },
      { path: 'rows', message: 'none of them is trained' },
    ],
    [
      'no repeats',
      { rows, repeats: { count: 0 } },
      { data },
      { path: 'repeats.count', message: 'got 0', hint: 'at least 1' },
    ],
    [
      'a split that the repeats decide',
      { rows },
      { data, split: { seed: 3 } },
      { path: 'split.seed', message: 'got 3' },
    ],
    [
      'weights that those of the experiment would replace',
      { rows },
      { data, model: { weights: '/base.pth' } },
      { path: 'model.weights', message: 'got "/base.pth"' },
    ],
    [
      'an issue that all rows share, once',
      { rows },
      { data, training: { epochs: 0 } },
      { path: 'training.epochs', message: 'got 0', hint: 'at least 1' },
    ],
    [
      "a row's own issue, with the row",
      { rows: [...rows, { key: 'c', options: { model: { name: 'resnet19' } } }] },
      { data },
      { path: 'c: model', message: expect.stringContaining('"resnet19"') as string },
    ],
    ['a missing data set', { rows }, {}, { path: 'data', message: 'missing' }],
  ])('names %s', (_, definition, options, issue) => {
    expect(issuesOf(definition, options)).toEqual([expect.objectContaining(issue)]);
  });
});
