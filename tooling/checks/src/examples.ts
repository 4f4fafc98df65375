import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourceFiles } from './workspace.js';

/** A runnable example of a docstring: ```ts blocks after `@example`; ```ts no-run blocks are only shown. */
export interface Example {
  /** File and line, relative to the root. */
  readonly place: string;
  readonly code: string;
}

/** Every `@example` in the docstrings of a package. */
export function examplesOf(folder: string): Example[] {
  return sourceFiles(folder).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/@example[^\n]*\n\s*\* ```ts\n([\s\S]*?)\n\s*\* ```/g)].map(
      (match) => ({
        place: `${file}:${text.slice(0, match.index).split('\n').length}`,
        code: match[1].replaceAll(/^\s*\* ?/gm, ''),
      }),
    );
  });
}

/** The lines that an example promises to print: comments after `console.log(...);`. */
export function promisedLines(code: string): string[] {
  return [...code.matchAll(/console\.log\([^\n]*\); \/\/ (.*)$/gm)].map(([, expected]) => expected);
}
