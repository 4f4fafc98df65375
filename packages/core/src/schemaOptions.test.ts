import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listSchemaOptions, optionValue } from './schemaOptions.js';

const valuesOf = (schema: z.ZodType): string => listSchemaOptions(schema, 'x')[0].values;

describe('listSchemaOptions', () => {
  it.each([
    [z.int().min(1), 'an integer of at least 1'],
    [z.int().min(8).max(16).optional(), 'an integer from 8 to 16'],
    [z.number(), 'a number'],
    [z.number().positive().max(10), 'a number above 0 and of at most 10'],
    [z.number().min(0).lt(1).default(0.9), 'a number of at least 0 and below 1'],
    [z.number().max(3), 'a number of at most 3'],
    [z.string().min(1), 'text'],
    [z.boolean(), 'true, false'],
    [z.enum(['use', 'ignore']).nullable(), 'use, ignore'],
    [z.literal(['a', 2]), 'a, 2'],
    [z.tuple([z.int().min(1), z.int().min(1)]), '2 values, each an integer of at least 1'],
    [z.array(z.number()), 'a list, each a number'],
    [z.array(z.enum(['a', 'b'])).min(1), 'one or more of a, b'],
    [z.record(z.string(), z.string()), 'a mapping'],
    [z.union([z.literal(4), z.enum(['auto', 'all'])]), '4, or auto, all'],
    [z.union([z.int(), z.string()], { error: 'a size' }).transform(String), 'a size'],
    [z.preprocess((value) => value, z.enum(['x', 'y'])), 'x, y'],
  ])('says what an option may be: %#', (schema, values) => {
    expect(valuesOf(schema)).toBe(values);
  });

  it('lists nested options with paths, defaults and descriptions, in the order of the schema', () => {
    const schema = z.strictObject({
      rate: z.number().default(2e-4).describe('Learning rate.'),
      schedule: z
        .preprocess(
          (value) => value,
          z.strictObject({ kind: z.enum(['step', 'linear']).default('step') }),
        )
        .prefault({ kind: 'step' })
        .describe('Not an option itself.'),
      stop: z
        .strictObject({ patience: z.int().min(1) })
        .optional()
        .describe('Stops early.'),
      rows: z.array(z.strictObject({ key: z.string() })).describe('The rows.'),
      source: z.union([z.string(), z.strictObject({ test: z.string().describe('A list.') })]),
    });
    expect(
      listSchemaOptions(schema, 'top').map(({ path, default: preset, description }) => [
        path,
        preset,
        description,
      ]),
    ).toEqual([
      ['top.rate', 2e-4, 'Learning rate.'],
      ['top.schedule.kind', 'step', ''],
      ['top.stop', undefined, 'Stops early.'],
      ['top.stop.patience', undefined, ''],
      ['top.rows', undefined, 'The rows.'],
      ['top.rows[].key', undefined, ''],
      ['top.source', undefined, ''],
      ['top.source.test', undefined, 'A list.'],
    ]);
  });
});

it('lists the texts that an option may be, also beside other values', () => {
  const choices = (schema: z.ZodType) => listSchemaOptions(schema, 'x')[0].choices;
  expect(choices(z.enum(['use', 'ignore']).nullable().default('use'))).toEqual(['use', 'ignore']);
  const union = z.union([z.literal(['none', 4]), z.int(), z.enum(['auto'])]);
  expect(choices(union.optional())).toEqual(['none', 'auto']);
  expect(choices(z.string())).toBeUndefined();
});

it('writes values as in YAML', () => {
  expect(optionValue([0.485, 'max', [8, 8]])).toBe('[0.485, max, [8, 8]]');
  expect([optionValue('auto'), optionValue(1e-8), optionValue(false)]).toEqual([
    'auto',
    '1e-8',
    'false',
  ]);
});
