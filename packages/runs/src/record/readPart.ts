import { readFile } from 'node:fs/promises';
import { InputError, type Issue, schemaIssues } from '@nonlocal-med/core';
import type { z } from 'zod';

/** How the text of a file becomes a checked value. */
export interface PartReader<T> {
  readonly parse: (text: string) => unknown;
  readonly schema?: z.ZodType<T>;
}

/**
 * Reads and checks a file of a run. What is wrong with it goes to `issues`.
 * @returns null when the file is absent or at issue.
 */
export async function readPart<T>(
  file: string,
  { parse, schema }: PartReader<T>,
  issues: Issue[],
): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      issues.push({ path: file, message: `cannot be read: ${error.code}` });
    return null;
  });
  if (text === null) return null;
  try {
    const value = parse(text);
    if (schema === undefined) return value as T;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    issues.push(
      ...schemaIssues(result.error, { schema, input: value, path: file, separator: ': ' }),
    );
  } catch (error) {
    if (error instanceof InputError) issues.push(...error.issues);
    else
      issues.push({ path: file, message: `is not what a run writes: ${(error as Error).message}` });
  }
  return null;
}
