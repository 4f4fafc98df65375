import { throwFaults, type Fault } from '@nonlocal-med/core';
import type { z } from 'zod';

/**
 * Options checked against their schema, defaults filled in.
 * @throws InputError with one fault for each wrong option: its path, what is wrong, its value.
 */
export function parseOptions<T extends z.ZodType>(schema: T, options: unknown, where: string): z.output<T> {
  const result = schema.safeParse(options, { reportInput: true });
  if (result.success) return result.data;
  throwFaults(result.error.issues.map((issue): Fault => ({ where: [where, ...issue.path.map(String)].join('.'), what: `${issue.message}${showInput(issue.input)}` })));
  throw new Error('unreachable: a failed parse has issues');
}

function showInput(input: unknown): string {
  return input === undefined || (typeof input === 'object' && input !== null) ? '' : `, got ${JSON.stringify(input)}`;
}
