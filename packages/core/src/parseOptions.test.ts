import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { InputError } from './errors.js';
import type { Issue } from './errors.js';
import { parseOptions, schemaIssues } from './parseOptions.js';

const schema = z.strictObject({
  epochs: z.int().min(1).default(10),
  backend: z.enum(['native', 'wasm']).optional(),
  name: z.string(),
  schedule: z.union([z.literal('constant'), z.strictObject({ steps: z.number() })]).optional(),
});

function issuesOf(input: unknown, path?: string): readonly Issue[] {
  try {
    parseOptions(schema, input, path);
    return [];
  } catch (error) {
    return (error as InputError).issues;
  }
}

describe('parseOptions', () => {
  it('fills in defaults', () => {
    expect(parseOptions(schema, { name: 'a' })).toEqual({ epochs: 10, name: 'a' });
  });

  it('reports all issues together, with their paths below the prefix', () => {
    expect(issuesOf({ epochs: 0 }, 'training')).toEqual([
      { path: 'training.epochs', message: 'got 0', hint: 'at least 1' },
      { path: 'training.name', message: 'missing', hint: 'a string' },
    ]);
  });

  it('lists the allowed values', () => {
    expect(issuesOf({ name: 'a', backend: 'gpu' })).toEqual([
      { path: 'backend', message: 'got "gpu"', hint: 'one of "native", "wasm"' },
    ]);
  });

  it('suggests the nearest option for an unknown one', () => {
    expect(issuesOf({ name: 'a', epoch: 3 })).toEqual([
      {
        path: 'epoch',
        message: 'unknown option',
        hint: 'did you mean "epochs"? known: epochs, backend, name, schedule',
      },
    ]);
  });

  it('reports the issues of the object in a union when an object is given', () => {
    expect(issuesOf({ name: 'a', schedule: { steps: 'many' } })).toEqual([
      { path: 'schedule.steps', message: 'got "many"', hint: 'a number' },
    ]);
    expect(issuesOf({ name: 'a', schedule: 'linear' })).toEqual([
      {
        path: 'schedule',
        message: 'got "linear"',
        hint: '"constant", or an object of options',
      },
    ]);
  });

  it('names the whole configuration when it is not an object', () => {
    expect(issuesOf(3)).toEqual([
      { path: 'configuration', message: 'got 3', hint: 'an object of options' },
    ]);
  });
});

describe('schemaIssues', () => {
  it('separates a file from the path inside it', () => {
    const input = { name: 7 };
    const { error } = schema.safeParse(input);
    expect(schemaIssues(error!, { schema, input, path: 'run.yaml', separator: ': ' })).toEqual([
      { path: 'run.yaml: name', message: 'got 7', hint: 'a string' },
    ]);
  });
});
