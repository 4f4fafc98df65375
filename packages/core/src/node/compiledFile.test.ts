import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compiledFile } from './compiledFile.js';

const folder = await mkdtemp(join(tmpdir(), 'compiled-file-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const root = join(folder, 'src', 'package');
const here = (...names: string[]): string => pathToFileURL(join(root, ...names)).href;
for (const name of ['src/loader', 'dist/loader', 'dist/table'])
  await mkdir(join(root, name), { recursive: true });
await writeFile(join(root, 'dist/loader/worker.js'), '');
await writeFile(join(root, 'dist/table/worker.js'), '');

describe('compiledFile', () => {
  it('is beside a compiled module', () => {
    expect(compiledFile(here('dist/loader/pool.js'), 'worker.js')).toBe(
      join(root, 'dist/loader/worker.js'),
    );
  });

  it('is in dist for a module that runs from its source, in whatever folder the package is', () => {
    expect(compiledFile(here('src/table/read.ts'), 'worker.js')).toBe(
      join(root, 'dist/table/worker.js'),
    );
  });

  it('is refused if it has not been built', () => {
    expect(() => compiledFile(here('src/loader/pool.ts'), 'other.js')).toThrow(
      /^other\.js is missing beside .*pool\.ts\. Build the package first\.$/,
    );
  });
});
