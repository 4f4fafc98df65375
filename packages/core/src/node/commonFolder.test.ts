import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commonFolder } from './commonFolder.js';

const common = (...folders: string[]): string =>
  commonFolder(folders.map((folder) => resolve('/', folder)));

describe('commonFolder', () => {
  it('returns the deepest folder that contains all', () => {
    expect(common('a/b/c', 'a/b/d/e')).toBe(resolve('/a/b'));
  });

  it('does not take a common prefix of names for a folder', () => {
    expect(common('a/bc', 'a/bd')).toBe(resolve('/a'));
  });

  it('returns a folder that contains the others, and the root', () => {
    expect(common('a', 'a/b')).toBe(resolve('/a'));
    expect(common('a/b')).toBe(resolve('/a/b'));
    expect(common('a', 'b')).toBe(resolve('/'));
  });
});
