import { readFile } from 'node:fs/promises';
import { type Fault, InputError } from '@nonlocal-med/core';
import type { z } from 'zod';
import { inputFaults } from './inputFaults.js';

/** How the text of a file becomes a checked value. */
export interface PartReader<T> {
  readonly parse: (text: string) => unknown;
  readonly schema?: z.ZodType<T>;
}

/**
 * Reads and checks a file of a run. What is wrong with it goes to `faults`.
 * @returns null when the file is absent or at fault.
 */
export async function readPart<T>(
  file: string,
  { parse, schema }: PartReader<T>,
  faults: Fault[],
): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      faults.push({ where: file, what: `cannot be read: ${error.code}` });
    return null;
  });
  if (text === null) return null;
  try {
    const value = parse(text);
    if (schema === undefined) return value as T;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    faults.push(...inputFaults(result.error, file, value));
  } catch (error) {
    if (error instanceof InputError) faults.push(...error.faults);
    else
      faults.push({ where: file, what: `is not what a run writes: ${(error as Error).message}` });
  }
  return null;
}
