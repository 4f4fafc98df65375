import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The text of a Python file of this package: `preprocess.py`. */
export const readPythonFile = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../python/${name}`, import.meta.url)), 'utf8');
