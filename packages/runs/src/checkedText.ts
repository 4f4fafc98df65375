import { InputError, type Issue, schemaIssues, throwIssues } from '@nonlocal-med/core';
import type { z } from 'zod';

/** How the text of a file becomes a checked value. */
export interface FileFormat<T> {
  readonly parse: (text: string) => unknown;
  readonly schema?: z.ZodType<T>;
}

/**
 * Parses and checks the text of a file. Problems are added to `issues`, so that a caller can report those of several files
 * together.
 * @param options.path names the file in issues
 * @returns null when the text has issues
 */
export function checkText<T>(
  text: string,
  { parse, schema, path }: FileFormat<T> & { readonly path: string },
  issues: Issue[],
): T | null {
  try {
    const value = parse(text);
    if (schema === undefined) return value as T;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    issues.push(...schemaIssues(result.error, { schema, input: value, path, separator: ': ' }));
  } catch (error) {
    if (error instanceof InputError) issues.push(...error.issues);
    else issues.push({ path, message: `cannot be parsed: ${(error as Error).message}` });
  }
  return null;
}

/**
 * Parses and checks a JSON text.
 * @param options.path names the file in errors
 * @throws InputError with every issue
 */
export function parseChecked<T>(
  text: string,
  { schema, path }: { readonly schema: z.ZodType<T>; readonly path: string },
): T {
  const issues: Issue[] = [];
  const value = checkText(text, { parse: JSON.parse, schema, path }, issues);
  throwIssues(issues);
  return value as T;
}
