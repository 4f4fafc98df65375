import type { z } from 'zod';

/** What an option may be, in plain words, from the issue that refused its value. */
export function allowedText(issue: z.core.$ZodIssue): string {
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
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'options by name',
  array: 'a list',
  tuple: 'a list',
  record: 'options by name',
};

function bound(origin: string, how: string, limit: number | bigint): string {
  if (origin === 'string') return `${how} ${limit} characters`;
  return origin === 'array' ? `${how} ${limit} entries` : `${how} ${limit}`;
}
