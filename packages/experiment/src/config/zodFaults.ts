import { suggestName, type Fault } from '@nonlocal-med/core';
import type { z } from 'zod';

/**
 * Every issue of a failed parse as a fault that carries the option's path and the value that was given.
 * @param input what was parsed, to quote the offending values from.
 * @param schemaKeys the option names known at a path, for suggestions on unknown ones.
 */
export function zodFaults(error: z.ZodError, input: unknown, schemaKeys: (path: readonly PropertyKey[]) => readonly string[]): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const where = issue.path.map(String).join('.') || 'configuration';
    if (issue.code === 'unrecognized_keys') {
      const known = schemaKeys(issue.path);
      return issue.keys.map((key) => {
        const near = suggestName(key, known);
        return { where: [...issue.path.map(String), key].join('.'), what: 'unknown option', allowed: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${known.join(', ')}` };
      });
    }
    const value = valueAt(input, issue.path);
    const allowed = issue.message.replace(/^(Invalid input|Invalid option|Too small|Too big|Invalid string): /, '');
    return [{ where, what: value === undefined ? 'missing' : `got ${JSON.stringify(value)}`, allowed }];
  });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined), input);
}
