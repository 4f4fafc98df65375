import { z } from 'zod';
import { InputError, type Issue } from './errors.js';
import { unknownName } from './messages.js';

/**
 * Checks options against their schema and fills in the defaults.
 * @param path prefix of the issues' paths, e.g. `training`
 * @returns the resolved options
 * @throws InputError with one issue per invalid option: its path, its value, and what is allowed
 */
export function parseOptions<S extends z.ZodType>(
  schema: S,
  input: unknown,
  path = '',
): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(schemaIssues(result.error, { schema, input, path }));
}

/** What was parsed, for {@link schemaIssues}. */
export interface ParsedInput {
  readonly schema: z.ZodType;
  /** The values that issues quote. */
  readonly input: unknown;
  /** Prefix of the issues' paths: an option or a file. */
  readonly path?: string;
  /** Separates the prefix from the path inside it; `': '` after a file. */
  readonly separator?: string;
}

/** Every problem of a failed zod parse as an {@link Issue} with the path of the option and its value. */
export function schemaIssues(
  error: z.ZodError,
  { schema, input, path = '', separator = '.' }: ParsedInput,
): Issue[] {
  const name = (inner: readonly PropertyKey[]): string => joinPath(path, separator, inner);
  const translate = (issue: z.core.$ZodIssue): Issue[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        ...unknownName({
          path: name([...issue.path, key]),
          kind: 'option',
          name: key,
          known: schemaKeys(schema, issue.path),
        }),
        message: 'unknown option',
      }));
    const value = valueAt(input, issue.path);
    const branch = issue.code === 'invalid_union' ? intendedBranch(issue.errors, value) : undefined;
    if (branch !== undefined)
      return branch.flatMap((inner) =>
        translate({ ...inner, path: [...issue.path, ...inner.path] }),
      );
    return [
      {
        path: name(issue.path) || 'configuration',
        message: value === undefined ? 'missing' : `got ${quote(value)}`,
        hint: allowedText(issue),
      },
    ];
  };
  return error.issues.flatMap(translate);
}

/** `training` and `epochs` make `training.epochs`; either part may be empty. */
function joinPath(prefix: string, separator: string, path: readonly PropertyKey[]): string {
  const inner = path.map(String).join('.');
  return prefix === '' || inner === '' ? prefix + inner : prefix + separator + inner;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

/** When a union includes an object and the value is one, its issues say more than "none of these". */
function intendedBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
  value: unknown,
): readonly z.core.$ZodIssue[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return branches.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
}

/** A value as a user would write it, truncated to 80 characters. */
function quote(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What an option may be, in plain words, from the issue of its value. */
function allowedText(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return kinds[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value')
    return `${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
  if (issue.code === 'too_small')
    return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
  if (issue.code === 'too_big')
    return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input')
    return issue.errors.flatMap((branch) => branch.slice(0, 1).map(allowedText)).join(', or ');
  return issue.message;
}

const kinds: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'an integer',
  string: 'a string',
  boolean: 'true or false',
  object: 'an object of options',
  array: 'a list',
  tuple: 'a list',
  record: 'an object of options',
};

function bound(origin: string, how: string, limit: number | bigint): string {
  if (origin === 'string') return `${how} ${limit} characters`;
  return origin === 'array' ? `${how} ${limit} entries` : `${how} ${limit}`;
}

/** Names of the options at a path of a schema; empty when the path does not lead to an object. */
function schemaKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const found = path.reduce<z.ZodType | undefined>(
    (current, key) =>
      (current instanceof z.ZodArray ? current.element : objectIn(current)?.shape[String(key)]) as
        z.ZodType | undefined,
    schema,
  );
  return Object.keys(objectIn(found)?.shape ?? {});
}

/** The object schema inside defaults, pipes, unions and optionals. */
function objectIn(schema: z.ZodType | undefined): z.ZodObject | undefined {
  if (schema === undefined || schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe)
    return objectIn(schema.in as z.ZodType) ?? objectIn(schema.out as z.ZodType);
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).map(objectIn).find((option) => option !== undefined);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return objectIn(schema.unwrap() as z.ZodType);
  return undefined;
}
