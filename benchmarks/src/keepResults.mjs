import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Returns a function that appends results to the file of this day and machine, one line of JSON each; without a folder it
 * does nothing. The first line of a run describes the machine and the options.
 */
export function keepResults({ results: folder, ...options }, machine) {
  if (folder === undefined) return () => undefined;
  const run = new Date().toISOString();
  const { python, ...recorded } = options;
  mkdirSync(folder, { recursive: true });
  const file = join(
    folder,
    `${run.slice(0, 10)}-${slug(`${machine.processor} ${machine.cores}`)}.jsonl`,
  );
  const write = (line) => appendFileSync(file, `${JSON.stringify({ run, ...line })}\n`);
  write({ machine, options: { ...recorded, python: python !== undefined } });
  return Object.assign(write, { file: relative(process.cwd(), file) });
}

const slug = (text) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
