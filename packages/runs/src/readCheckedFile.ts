import { InputError, type Issue } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { checkText, type FileFormat } from './checkedText.js';

/**
 * Reads, parses and checks one file of a run or experiment. Problems are added to `issues`, so that a caller can report
 * those of several files together.
 * @returns null when the file does not exist or has issues.
 */
export async function readCheckedFile<T>(
  file: string,
  format: FileFormat<T>,
  issues: Issue[],
): Promise<T | null> {
  const text = await readRegularFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error instanceof InputError) issues.push(...error.issues);
    else if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      issues.push({ path: file, message: `cannot be read: ${error.code}` });
    return null;
  });
  return text === null ? null : checkText(text, { ...format, path: file }, issues);
}
