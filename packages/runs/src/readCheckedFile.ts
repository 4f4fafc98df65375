import { InputError, type Issue, schemaIssues } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import type { z } from 'zod';

/** How the text of a file becomes a checked value. */
export interface FileFormat<T> {
  readonly parse: (text: string) => unknown;
  readonly schema?: z.ZodType<T>;
}

/**
 * Reads, parses and checks one file of a run or experiment. Problems are added to `issues`, so that a caller can report
 * those of several files together.
 * @returns null when the file does not exist or has issues.
 */
export async function readCheckedFile<T>(
  file: string,
  { parse, schema }: FileFormat<T>,
  issues: Issue[],
): Promise<T | null> {
  const text = await readRegularFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error instanceof InputError) issues.push(...error.issues);
    else if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
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
    else issues.push({ path: file, message: `cannot be parsed: ${(error as Error).message}` });
  }
  return null;
}
