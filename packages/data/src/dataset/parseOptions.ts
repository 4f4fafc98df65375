import { type Fault, InputError, suggestName } from '@nonlocal-med/core';
import type { z } from 'zod';

/**
 * Options checked against their schema, defaults filled in.
 * @throws InputError with one fault for each wrong option: its path, what is wrong, its value.
 */
export function parseOptions<T extends z.ZodType>(
  schema: T,
  options: unknown,
  where: string,
): z.output<T> {
  const result = schema.safeParse(options, { reportInput: true });
  if (result.success) return result.data;
  const known = Object.keys((schema as unknown as z.ZodObject).shape ?? {});
  throw new InputError(result.error.issues.flatMap((issue) => toFaults(issue, { where, known })));
}

function toFaults(
  issue: z.core.$ZodIssue,
  { where, known }: { where: string; known: readonly string[] },
): Fault[] {
  const path = [where, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      where: `${path}.${key}`,
      what: 'there is no such option',
      allowed: suggest(key, known),
    }));
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return [{ where: path, what: 'is missing' }];
  if (issue.code === 'invalid_value')
    return [
      {
        where: path,
        what: `${show(issue.input)} is not allowed`,
        allowed: issue.values.map(String).join(', '),
      },
    ];
  const value = typeof issue.input === 'object' ? '' : `, got ${show(issue.input)}`;
  return [
    {
      where: path,
      what: issue.message.replace(/^Invalid input: /, '').replace(/^Too (small|big): /, '') + value,
    },
  ];
}

function suggest(key: string, known: readonly string[]): string {
  const near = suggestName(key, known);
  return near === undefined ? `known: ${known.join(', ')}` : `did you mean "${near}"?`;
}

const show = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value));
